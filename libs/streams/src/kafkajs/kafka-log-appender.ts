import type { Producer } from 'kafkajs';
import type { AppendedRecord, LogAppender } from '../log-appender.js';
import { offsetOf } from '../offset.js';
import { topicPartitionKey, type OutputRecord, type TopicPartition } from '../records.js';
import { StreamsError } from '../streams-error.js';
import { toStreamsError } from './classify-error.js';
import { kafkaOf, type KafkaConnection } from './connection.js';
import { chunksOf, sendInChunks } from './send.js';

/** Options of {@link kafkaLogAppender}. */
export interface LogAppenderOptions {
  /** Records that may wait, over all partitions, before appending is refused. Default 10,000. */
  readonly maxQueuedRecords?: number;
  /** How long an append may take before it is given up as unknown, in milliseconds. Default 4,000. */
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly record: OutputRecord;
  readonly deadlineMs: number;
  /** Gives it up at the deadline when nobody has begun to send it. */
  readonly expiry: NodeJS.Timeout;
  resolve(appended: AppendedRecord): void;
  reject(error: StreamsError): void;
}

interface Lane {
  readonly target: TopicPartition;
  /** In the order of arrival. */
  readonly waiting: Set<Waiting>;
  sending: boolean;
}

/** Appends with one idempotent producer, which is thrown away after any failure: its sequence numbers can no longer be trusted. */
export const kafkaLogAppender = (
  connection: KafkaConnection,
  options: LogAppenderOptions = {},
): LogAppender => {
  const { maxQueuedRecords = 10_000, timeoutMs = 4_000 } = options;
  const kafka = kafkaOf({ ...connection, requestTimeoutMs: timeoutMs / 2 });
  const lanes = new Map<string, Lane>();
  let queued = 0;
  let closed = false;
  let current: Promise<Producer> | undefined;

  const connected = (): Promise<Producer> => {
    current ??= connectProducer();
    return current;
  };

  const connectProducer = async (): Promise<Producer> => {
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 50, multiplier: 1.5, maxRetryTime: 500, retries: 2 },
    });
    try {
      await producer.connect();
    } catch (error) {
      void producer.disconnect().catch(() => undefined);
      throw error;
    }
    return producer;
  };

  const sendBatch = async (target: TopicPartition, batch: readonly Waiting[]): Promise<void> => {
    const producer = connected();
    const deadlineMs = Math.min(...batch.map((waiting) => waiting.deadlineMs));
    const records = batch.map((waiting) => waiting.record);
    const send = producer.then((ready) => sendInChunks(ready, target, records));
    try {
      const sent = await beforeDeadline(send, deadlineMs - performance.now());
      batch.forEach((waiting, index) => {
        waiting.resolve({ offset: offsetOf(sent.firstOffset + index), appendTimeMs: sent.appendTimeMs });
      });
    } catch (error) {
      if (current === producer) current = undefined;
      const failure = toStreamsError(error, `Append to ${target.topic}/${target.partition}`);
      for (const waiting of batch) waiting.reject(failure);
      await abandon(producer, send);
    } finally {
      queued -= batch.length;
    }
  };

  // The client goes on trying by itself for a while. What it may still write must not land behind something newer that
  // was confirmed meanwhile, so the partition waits for it.
  const abandon = async (producer: Promise<Producer>, send: Promise<unknown>): Promise<void> => {
    await send.catch(() => undefined);
    void producer.then((failed) => failed.disconnect()).catch(() => undefined);
  };

  const drain = async (lane: Lane): Promise<void> => {
    if (lane.sending) return;
    lane.sending = true;
    while (lane.waiting.size > 0) {
      const waiting = [...lane.waiting];
      const [chunk = []] = chunksOf(waiting.map(({ record }) => record));
      const batch = waiting.slice(0, chunk.length);
      for (const taken of batch) {
        clearTimeout(taken.expiry);
        lane.waiting.delete(taken);
      }
      await sendBatch(lane.target, batch);
    }
    lane.sending = false;
  };

  // Whoever waited too long is told so in time, and the record is not written behind his back.
  const expire = (lane: Lane, waiting: Waiting): void => {
    lane.waiting.delete(waiting);
    queued -= 1;
    waiting.reject(
      new StreamsError('TRANSIENT', `${lane.target.topic}/${lane.target.partition} is not reachable`),
    );
  };

  const laneOf = (target: TopicPartition): Lane => {
    const key = topicPartitionKey(target);
    const lane = lanes.get(key) ?? { target, waiting: new Set<Waiting>(), sending: false };
    lanes.set(key, lane);
    return lane;
  };

  return {
    append(target, record) {
      if (closed) return Promise.reject(new StreamsError('OVERLOADED', 'The appender is closed'));
      if (queued >= maxQueuedRecords)
        return Promise.reject(
          new StreamsError('OVERLOADED', `${queued} records wait to be appended already`),
        );
      queued += 1;
      return new Promise((resolve, reject) => {
        const lane = laneOf(target);
        const waiting: Waiting = {
          record,
          deadlineMs: performance.now() + timeoutMs,
          expiry: setTimeout(() => {
            expire(lane, waiting);
          }, timeoutMs),
          resolve,
          reject,
        };
        lane.waiting.add(waiting);
        void drain(lane);
      });
    },
    async close() {
      closed = true;
      while ([...lanes.values()].some((lane) => lane.sending))
        await new Promise((later) => setTimeout(later, 10));
      const producer = current;
      if (producer !== undefined) await (await producer).disconnect();
    },
  };
};

const beforeDeadline = async <T>(work: Promise<T>, remainingMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => {
        reject(new StreamsError('TRANSIENT', 'No confirmation in time'));
      },
      Math.max(0, remainingMs),
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    // When the deadline won, the late failure of the work is of no interest any more.
    work.catch(() => undefined);
  }
};
