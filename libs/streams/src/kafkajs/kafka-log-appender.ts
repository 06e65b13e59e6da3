import type { Kafka } from 'kafkajs';
import type { AppendProducer } from '../append/append-producer.js';
import { queueingAppender } from '../append/queueing-appender.js';
import type { AppendEvent, LogAppender } from '../log-appender.js';
import { topicPartitionKey } from '../records.js';
import { toStreamsError } from './classify-error.js';
import { kafkaOf, type KafkaConnection } from './connection.js';
import { SEND_LIMITS } from './send.js';
import { sendTogether } from './send-together.js';

const MEBIBYTE = 1_048_576;

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
  const kafka = kafkaOf({ ...connection, requestTimeoutMs: timeoutMs / 2 });

  const openProducer = async (): Promise<AppendProducer> => {
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 50, multiplier: 1.5, maxRetryTime: 500, retries: 2 },
    });
    let routeOf: AppendProducer['routeOf'];
    try {
      await producer.connect();
      routeOf = await routesOf(kafka);
    } catch (error) {
      void producer.disconnect().catch(() => undefined);
      throw toStreamsError(error, 'Connect to append');
    }
    return {
      routeOf,
      async send(batches) {
        try {
          return await sendTogether(producer, batches);
        } catch (error) {
          throw toStreamsError(error, 'Append');
        }
      },
      disconnect: () => producer.disconnect(),
    };
  };

  return queueingAppender({
    room: { maxRecords, maxBytes, bulkShare: options.bulkShare ?? 0.25 },
    request: SEND_LIMITS,
    timeoutMs,
    openProducer,
    observe,
  });
};

// The client tells nobody which broker leads a partition. Where there is one broker there is no question.
const routesOf = async (kafka: Kafka): Promise<AppendProducer['routeOf']> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { brokers } = await admin.describeCluster();
    return brokers.length === 1 ? () => '' : topicPartitionKey;
  } finally {
    await admin.disconnect();
  }
};
