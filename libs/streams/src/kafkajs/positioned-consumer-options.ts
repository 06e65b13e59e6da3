import type { ConsumerTimeouts } from '../group/consumer-timeouts.js';
import type { PositionedSink } from '../group/positioned-consumer.js';
import type { StreamLogger } from '../stream-logger.js';
import type { StreamsError } from '../streams-error.js';
import type { KafkaConnection } from './connection.js';

/** What a process needs to apply its share of a group's partitions. */
export interface PositionedConsumerOptions {
  readonly connection: KafkaConnection;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Those of the topics in which offsets may be missing, because they are compacted; default none. */
  readonly compactedTopics?: readonly string[];
  readonly sink: PositionedSink;
  readonly timeouts: ConsumerTimeouts;
  readonly logger: StreamLogger;
  /** The consumer cannot go on: end the process. */
  onFatal(error: StreamsError): void;
}
