import type { ConsumerTimeouts } from '../consumer-timeouts.js';
import type { StreamLogger } from '../stream-logger.js';
import type { StreamsError } from '../streams-error.js';
import type { ServiceDefinition, StoreSpecs } from '../task/service-definition.js';
import type { KafkaConnection } from './connection.js';

/** What a process needs to run its share of a stream service. */
export interface StreamServiceOptions<S extends StoreSpecs, P> {
  readonly connection: KafkaConnection;
  readonly definition: ServiceDefinition<S, P>;
  /** Partitions of every topic of the service. */
  readonly partitions: number;
  readonly timeouts: ConsumerTimeouts & {
    /** After this the broker aborts an open transaction, in milliseconds. Below the session timeout. */
    readonly transactionTimeoutMs: number;
  };
  readonly logger: StreamLogger;
  /** The service cannot go on: end the process. */
  onFatal(error: StreamsError): void;
}
