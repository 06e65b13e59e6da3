import { topicName } from '@reviews/contracts';
import { projectionDecoders, projectionOf } from '@reviews/projection';
import type { SinkStore } from '@reviews/read-model';
import { offsetOf, topicPartitionKey, type PositionedSink, type StreamRecord } from '@reviews/streams';
import type { SinkEnd, SinkLog } from './sink-log.js';

/** What is loaded, and how. */
export interface LoadOptions {
  readonly log: SinkLog;
  readonly store: SinkStore;
  readonly topicPrefix: string;
  /** How many partitions of topics are loaded at the same time. */
  readonly parallel: number;
  /** Called with the number of offsets that were come past since the last call. */
  readonly onProgress: (offsets: number) => void;
}

/** Fills empty tables from the topics, with the same code as stats-sink. */
export interface TableLoader {
  /** How far it has come, in offsets of all topics together. */
  readonly stored: number;
  /**
   * Goes on to these ends, in any order: versions and causes decide what stays. What is stored already is not read again.
   *
   * @throws the signal's reason between two batches
   */
  loadTo(ends: readonly SinkEnd[], signal: AbortSignal): Promise<void>;
}

export const tableLoader = ({ log, store, topicPrefix, parallel, onProgress }: LoadOptions): TableLoader => {
  const projection = projectionOf({ store, decoders: projectionDecoders(log.registry), topicPrefix });
  const positions = new Map<string, number>();
  let stored = 0;

  const apply = async (
    end: SinkEnd,
    from: number,
    next: number,
    records: readonly StreamRecord[],
  ): Promise<void> => {
    await applyOnce(projection, {
      topic: topicName(topicPrefix, end.topic),
      partition: end.partition,
      records,
      fetchedOffset: offsetOf(from),
      nextOffset: offsetOf(next),
      highWatermark: offsetOf(end.end),
    });
    positions.set(topicPartitionKey(end), next);
    stored += next - from;
    onProgress(next - from);
  };

  const loadPartition = async (end: SinkEnd, signal: AbortSignal): Promise<void> => {
    let from = positions.get(topicPartitionKey(end)) ?? 0;
    if (from >= end.end) return;
    for await (const records of log.records({ ...end, from })) {
      signal.throwIfAborted();
      const next = (records.at(-1)?.offset ?? from - 1) + 1;
      await apply(end, from, next, records);
      from = next;
    }
    // Behind the last record there are markers of transactions, or what compaction has left of records.
    if (from < end.end) await apply(end, from, end.end, []);
  };

  return {
    get stored() {
      return stored;
    },
    async loadTo(ends, signal) {
      const left = [...ends];
      const loadNext = async (): Promise<void> => {
        for (let end = left.shift(); end !== undefined; end = left.shift()) {
          signal.throwIfAborted();
          await loadPartition(end, signal);
        }
      };
      await Promise.all(Array.from({ length: parallel }, loadNext));
    },
  };
};

const applyOnce = async (projection: PositionedSink, batch: Parameters<PositionedSink['apply']>[0]) => {
  const outcome = await projection.apply(batch);
  // Nobody else stores here, so the tables have not moved.
  if (outcome === 'moved')
    throw new Error(`Somebody else has changed the tables that ${batch.topic} is loaded into`);
};
