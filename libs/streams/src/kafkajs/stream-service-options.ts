import type { ConsumerTimeouts } from '../group/consumer-timeouts.js';
import type { StreamLogger } from '../stream-logger.js';
import type { StreamsError } from '../streams-error.js';
import type { ServiceDefinition, StoreSpecs } from '../task/service-definition.js';
import type { TaskObserver } from '../task/task-observer.js';
import type { DeadLetterLimit, TransactionLimits } from '../task/transaction-limits.js';
import type { KafkaConnection } from './connection.js';

/** Time limits of a stream service's process; heartbeat < transaction < session ≤ rebalance. */
export interface StreamTimeouts extends ConsumerTimeouts {
  /** After this the broker aborts an open transaction, in milliseconds. Also the limit of one request. */
  readonly transactionTimeoutMs: number;
}

/** A dead process is replaced within ten seconds. */
export const DEFAULT_TIMEOUTS: StreamTimeouts = Object.freeze({
  heartbeatIntervalMs: 1_000,
  transactionTimeoutMs: 8_000,
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 30_000,
});

/** What a process needs to run its share of a stream service. */
export interface StreamServiceOptions<S extends StoreSpecs, P> {
  readonly connection: KafkaConnection;
  readonly definition: ServiceDefinition<S, P>;
  /** Partitions of every topic of the service. */
  readonly partitions: number;
  /** Default {@link DEFAULT_TIMEOUTS}. */
  readonly timeouts?: StreamTimeouts;
  /** Default: the connection's. */
  readonly logger?: StreamLogger;
  /** Told what happens to the tasks, for metrics. Default: nobody. */
  readonly observer?: TaskObserver;
  /** Default: see {@link TransactionLimits}. */
  readonly limits?: TransactionLimits;
  readonly deadLetterLimit?: DeadLetterLimit;
  /** The service cannot go on: end the process. */
  onFatal(error: StreamsError): void;
}
