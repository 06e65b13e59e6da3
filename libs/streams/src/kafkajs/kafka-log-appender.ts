import { queueingAppender } from '../append/queueing-appender.js';
import type { AppendEvent, LogAppender } from '../log-appender.js';
import type { ChunkLimits } from '../chunks.js';
import { openIdempotentProducer } from '../wire/idempotent-producer.js';
import { wireClusterOf, type KafkaConnection } from './connection.js';

const MEBIBYTE = 1_048_576;

/** What goes to one partition in one request. The bytes are below the broker's default limit of 1 MB with room for framing. */
const REQUEST_LIMITS: ChunkLimits = { maxItems: 2_000, maxBytes: 700_000 };

/** Options of {@link kafkaLogAppender}. */
export interface LogAppenderOptions {
  /** Records that may wait, over all partitions, before appending is refused. Default 10,000. */
  readonly maxQueuedRecords?: number;
  /** Bytes of keys, values and headers that may wait, likewise. Default 64 MiB. */
  readonly maxQueuedBytes?: number;
  /** Part of both that all bulk appends together may take, 0 to 1. Default 0.25. */
  readonly bulkShare?: number;
  /** How long an append may take before it is given up as unknown, in milliseconds. Default 4,000. */
  readonly timeoutMs?: number;
  /** Told of everything that happens, for metrics. Must not throw. Default: nobody is. */
  readonly observe?: (event: AppendEvent) => void;
}

/** Appends with one idempotent producer at a time. */
export const kafkaLogAppender = (
  connection: KafkaConnection,
  options: LogAppenderOptions = {},
): LogAppender => {
  const { timeoutMs = 4_000, observe = () => undefined } = options;
  const { maxQueuedRecords: maxRecords = 10_000, maxQueuedBytes: maxBytes = 64 * MEBIBYTE } = options;
  const cluster = wireClusterOf({ ...connection, requestTimeoutMs: timeoutMs / 2 });
  return queueingAppender({
    room: { maxRecords, maxBytes, bulkShare: options.bulkShare ?? 0.25 },
    request: REQUEST_LIMITS,
    timeoutMs,
    openProducer: () => openIdempotentProducer({ ...cluster, giveUpAfterMs: timeoutMs }),
    observe,
  });
};
