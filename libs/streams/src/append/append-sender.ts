import type { ChunkLimits } from '../chunks.js';
import type { AppendEvent } from '../log-appender.js';
import { offsetOf } from '../offset.js';
import { topicPartitionKey, type OutputRecord, type TopicPartition } from '../records.js';
import { asStreamsError, StreamsError } from '../streams-error.js';
import type { SentRecords } from '../task/task-log.js';
import { appendLane, type AppendLane, type WaitingPiece } from './append-lane.js';
import { sizeOfAll, type TargetedPiece } from './append-size.js';
import { beforeDeadline } from './before-deadline.js';

/** A way to the log that is thrown away after any failure: its sequence numbers can no longer be trusted. */
export interface AppendProducer {
  /** One request. */
  send(target: TopicPartition, records: readonly OutputRecord[]): Promise<SentRecords>;
  disconnect(): Promise<void>;
}

/** How {@link appendSender} sends. */
export interface SendingOptions {
  /** What fits into one request. */
  readonly request: ChunkLimits;
  /** How long a piece may be on its way. */
  readonly timeoutMs: number;
  /** Connects a new producer. */
  readonly openProducer: () => Promise<AppendProducer>;
  readonly observe: (event: AppendEvent) => void;
}

/** Sends pieces, one request in flight per partition; what waits meanwhile forms the next one. */
export interface AppendSender {
  /** @throws StreamsError TRANSIENT when there is no confirmation in time */
  send(piece: TargetedPiece): Promise<SentRecords>;
  /** Waits for what is on its way, then disconnects. */
  close(): Promise<void>;
}

interface SendingPiece extends WaitingPiece {
  readonly resolve: (sent: SentRecords) => void;
  readonly reject: (error: StreamsError) => void;
}

interface Lane {
  readonly target: TopicPartition;
  readonly waiting: AppendLane<SendingPiece>;
  /** While a request is under way; undefined when nothing is. */
  draining: Promise<void> | undefined;
}

export const appendSender = ({ request, timeoutMs, openProducer, observe }: SendingOptions): AppendSender => {
  const lanes = new Map<string, Lane>();
  let current: Promise<AppendProducer> | undefined;
  let sweepTimer: NodeJS.Timeout | undefined;

  const laneOf = (target: TopicPartition): Lane => {
    const key = topicPartitionKey(target);
    const lane = lanes.get(key) ?? { target, waiting: appendLane(request), draining: undefined };
    lanes.set(key, lane);
    return lane;
  };

  const drain = async (lane: Lane): Promise<void> => {
    for (let batch = lane.waiting.takeRequest(); batch.length > 0; batch = lane.waiting.takeRequest())
      await sendBatch(lane.target, batch);
    lane.draining = undefined;
  };

  const sendBatch = async (target: TopicPartition, batch: readonly SendingPiece[]): Promise<void> => {
    const producer = (current ??= openProducer());
    const startedMs = performance.now();
    const sending = producer.then((ready) =>
      ready.send(
        target,
        batch.flatMap(({ records }) => records),
      ),
    );
    try {
      const sent = await beforeDeadline(sending, (batch[0]?.deadlineMs ?? startedMs) - startedMs);
      observe({ kind: 'sent', size: sizeOfAll(batch), durationMs: performance.now() - startedMs });
      confirm(batch, sent);
    } catch (error) {
      if (current === producer) current = undefined;
      const failure = asStreamsError(error, `Append to ${target.topic}/${target.partition}`);
      for (const { reject } of batch) reject(failure);
      await abandon(producer, sending);
    }
  };

  // The client goes on trying by itself for a while. What it may still write must not land behind something newer that
  // was confirmed meanwhile, so the partition waits for it. That cannot hold back a request that a broker which stands still
  // has in its socket: it may append it later, as an unknown outcome allows.
  const abandon = async (producer: Promise<AppendProducer>, sending: Promise<unknown>): Promise<void> => {
    await sending.catch(() => undefined);
    void producer.then((failed) => failed.disconnect()).catch(() => undefined);
  };

  // Whoever waited too long is told so in time, and the record is not written behind his back. One timer serves all: it
  // rings again when the first of what waits then will have waited too long.
  const sweep = (): void => {
    const nowMs = performance.now();
    let nextMs = Infinity;
    for (const { target, waiting } of lanes.values()) {
      const failure = new StreamsError('TRANSIENT', `${target.topic}/${target.partition} is not reachable`);
      for (const { reject } of waiting.takeExpired(nowMs)) reject(failure);
      nextMs = Math.min(nextMs, waiting.nextDeadlineMs() ?? Infinity);
    }
    sweepTimer = nextMs === Infinity ? undefined : setTimeout(sweep, Math.ceil(nextMs - nowMs));
  };

  return {
    send: ({ target, records, size }) =>
      new Promise((resolve, reject) => {
        const lane = laneOf(target);
        lane.waiting.push({ records, size, deadlineMs: performance.now() + timeoutMs, resolve, reject });
        sweepTimer ??= setTimeout(sweep, timeoutMs);
        lane.draining ??= drain(lane);
      }),
    async close() {
      for (const lane of lanes.values()) await lane.draining;
      clearTimeout(sweepTimer);
      if (current !== undefined) await (await current).disconnect();
    },
  };
};

const confirm = (batch: readonly SendingPiece[], { firstOffset, appendTimeMs }: SentRecords): void => {
  let first = firstOffset;
  for (const { size, resolve } of batch) {
    const endOffset = offsetOf(first + size.records);
    resolve({ firstOffset: first, endOffset, appendTimeMs });
    first = endOffset;
  }
};
