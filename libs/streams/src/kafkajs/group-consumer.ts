import { type Batch, type Consumer, type EachBatchPayload } from 'kafkajs';
import type { ConsumerTimeouts } from '../group/consumer-timeouts.js';
import type { GroupConsumer, GroupHandlers } from '../group/group-consumer.js';
import { nextOffset, parseOffset } from '../offset.js';
import type { RecordBatch, RecordHeaders, StreamRecord } from '../records.js';
import type { StreamLogger } from '../stream-logger.js';
import { StreamsError } from '../streams-error.js';
import { toStreamsError } from './classify-error.js';
import { coPartitionedAssigner } from './co-partitioned-assigner.js';
import { kafkaOf, type KafkaConnection } from './connection.js';

export interface GroupConsumerOptions {
  readonly connection: KafkaConnection;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Upper limit of partitions consumed at once: all there can be. */
  readonly concurrency: number;
  readonly timeouts: ConsumerTimeouts;
  /**
   * How long the broker may hold a fetch open when there is nothing new, and how long the client waits before it looks
   * again whether anything is to be fetched, in milliseconds; default 100.
   */
  readonly maxWaitMs?: number;
}

/** Whether a consumer was told to stop: the client may join once more all the same. */
interface Life {
  isStopped: boolean;
}

const DEFAULT_MAX_WAIT_MS = 100;

/**
 * Joins the group and calls the handlers until stopped.
 *
 * @param handlersOf makes the handlers, given what they steer the consumer with; it works from the first join on
 */
export const startGroupConsumer = async <H extends GroupHandlers>(
  options: GroupConsumerOptions,
  handlersOf: (group: GroupConsumer) => H,
): Promise<H> => {
  const { connection, groupId, topics, concurrency, timeouts } = options;
  const life = { isStopped: false };
  let generation = -1;
  const claim = (): { owned: readonly number[]; generation: number } => ({
    owned: handlers.owned(),
    generation,
  });
  const consumer = kafkaOf(connection).consumer({
    groupId,
    sessionTimeout: timeouts.sessionTimeoutMs,
    rebalanceTimeout: timeouts.rebalanceTimeoutMs,
    heartbeatInterval: timeouts.heartbeatIntervalMs,
    partitionAssigners: [coPartitionedAssigner(claim)],
    allowAutoTopicCreation: false,
    readUncommitted: false,
    minBytes: 1,
    maxWaitTimeInMs: options.maxWaitMs ?? DEFAULT_MAX_WAIT_MS,
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 2_000,
      retries: 8,
      // The client may be between a crash and its next start when it is told to stop, and would come back as a ghost.
      restartOnFailure: () => Promise.resolve(!life.isStopped),
    },
  });
  const handlers = handlersOf(steering(consumer, life));
  listen(consumer, handlers, life, connection.logger);
  // The client tells it with heartbeats only; a claim that is one generation old moves more than it must, and harms nothing.
  consumer.on(consumer.events.HEARTBEAT, ({ payload }) => {
    generation = payload.groupGenerationId;
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: concurrency,
      eachBatch: (payload) => handOver(payload, handlers, timeouts.heartbeatIntervalMs),
    });
    return handlers;
  } catch (error) {
    await consumer.disconnect().catch(() => undefined);
    throw toStreamsError(error, `Join group ${groupId}`);
  }
};

const steering = (consumer: Consumer, life: Life): GroupConsumer => ({
  seekAndResume({ topic, partition }, offset) {
    unlessRestarting(() => {
      consumer.seek({ topic, partition, offset: String(offset) });
      consumer.resume([{ topic, partitions: [partition] }]);
    });
  },
  pause({ topic, partition }) {
    unlessRestarting(() => {
      consumer.pause([{ topic, partitions: [partition] }]);
    });
  },
  resume({ topic, partition }) {
    unlessRestarting(() => {
      consumer.resume([{ topic, partitions: [partition] }]);
    });
  },
  async commitForLagTools({ topic, partition }, next) {
    // Nothing resumes from a group's offsets, so a lost commit only makes a chart a moment late.
    await consumer.commitOffsets([{ topic, partition, offset: String(next) }]).catch(() => undefined);
  },
  async stop() {
    life.isStopped = true;
    await consumer.disconnect();
  },
});

// While the client starts itself again after a crash there is nothing to steer; the join that follows pauses everything
// and asks the handlers where to go on.
const unlessRestarting = (steer: () => void): void => {
  try {
    steer();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('Consumer group was not initialized'))
      throw error;
  }
};

const listen = (consumer: Consumer, handlers: GroupHandlers, life: Life, logger: StreamLogger): void => {
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const assigned = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    // The first fetch after a join would start at the group's offsets, which are never a place to resume.
    consumer.pause(assigned.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
    if (life.isStopped) {
      void consumer.disconnect().catch(() => undefined);
      return;
    }
    handlers.onHeartbeat();
    handlers.onAssigned(assigned);
  });
  consumer.on(consumer.events.HEARTBEAT, () => {
    handlers.onHeartbeat();
  });
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    // A batch of nothing but control or aborted records never reaches eachBatch.
    if (payload.batchSize > 0) return;
    // Where compaction left nothing at all there is no first offset, and the last one is where the fetch began.
    const first = (payload as { firstOffset: string | null }).firstOffset ?? payload.lastOffset;
    handlers.onSkipped(payload, parseOffset(first), nextOffset(parseOffset(payload.lastOffset)));
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (payload.restart)
      logger.warn({ err: payload.error, groupId: payload.groupId }, 'consumer starts again');
    else
      handlers.onCrash(
        new StreamsError('FATAL', `Consumer of group ${payload.groupId} died`, { cause: payload.error }),
      );
  });
};

const handOver = async (
  payload: EachBatchPayload,
  handlers: GroupHandlers,
  heartbeatIntervalMs: number,
): Promise<void> => {
  const { batch } = payload;
  if (payload.isStale()) return;
  // The client sends no heartbeat while a batch is being processed. A rebalance it reports is met after the batch.
  const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), heartbeatIntervalMs);
  try {
    const outcome = await handlers.onBatch(toRecordBatch(batch));
    if (outcome === 'applied' && !payload.isStale()) payload.resolveOffset(lastMessageOffset(batch));
  } finally {
    clearInterval(beat);
  }
};

// Resolving the last visible message resolves the control records behind it, too.
const lastMessageOffset = (batch: Batch): string => batch.messages.at(-1)?.offset ?? batch.lastOffset();

const toRecordBatch = (batch: Batch): RecordBatch => ({
  topic: batch.topic,
  partition: batch.partition,
  records: batch.messages.map((message): StreamRecord => ({
    offset: parseOffset(message.offset),
    key: message.key,
    value: message.value,
    appendTimeMs: Number(message.timestamp),
    headers: toHeaders(message.headers),
  })),
  fetchedOffset: parseOffset((batch as Batch & { fetchedOffset: string }).fetchedOffset),
  nextOffset: nextOffset(parseOffset(batch.lastOffset())),
  highWatermark: parseOffset(batch.highWatermark),
});

const NO_HEADERS: RecordHeaders = Object.freeze({});

const toHeaders = (headers: Batch['messages'][number]['headers']): RecordHeaders => {
  if (headers === undefined) return NO_HEADERS;
  // Kafka allows a header without a value; the client's types do not know it.
  const present: Record<string, Buffer | string | (Buffer | string)[] | null | undefined> = headers;
  const entries = Object.entries(present).flatMap(([name, value]): [string, Buffer][] =>
    value === undefined || value === null
      ? []
      : [[name, Buffer.from(Array.isArray(value) ? (value.at(-1) ?? '') : value)]],
  );
  return entries.length === 0 ? NO_HEADERS : Object.fromEntries(entries);
};
