import {
  CodecError,
  parseCourseStatisticsRecord,
  type AggregatorProgress,
  type CourseStatisticsRecord,
} from '@reviews/contracts';
import type { EpochDay } from '@reviews/domain';
import {
  ReadModelError,
  type AggregatorProgressRecord,
  type SinkRange,
  type SinkStore,
} from '@reviews/read-model';
import {
  offsetOf,
  StreamsError,
  topicPartitionKey,
  type Offset,
  type PositionedSink,
  type RecordBatch,
  type StreamRecord,
  type TopicPartition,
} from '@reviews/streams';
import { decodeBatch, type ValueDecoder } from './decode-batch.js';
import { sinkTopicOf } from './sink-topics.js';

/** What the sink works with: the tables, and the way into each topic. */
export interface ProjectionPorts {
  readonly store: SinkStore;
  readonly decoders: {
    readonly longTermStats: ValueDecoder<CourseStatisticsRecord>;
    readonly recentStats: ValueDecoder<CourseStatisticsRecord>;
    readonly aggregatorProgress: ValueDecoder<AggregatorProgress>;
  };
  readonly topicPrefix: string;
  /** The tables have gone back, say to a backup: only reading from their positions again helps. */
  readonly onGap: (error: ReadModelError) => void;
}

/** Stores what the aggregator publishes. */
export const projectionOf = ({ store, decoders, topicPrefix, onGap }: ProjectionPorts): PositionedSink => {
  /** Up to here the tables had come when this process last saw them. */
  const positions = new Map<string, Offset>();

  const storeBatch = async (batch: RecordBatch, range: SinkRange): Promise<void> => {
    switch (range.topic) {
      case 'long-term-stats':
        return store.storeLongTermStats(
          range,
          await decodeBatch(batch, decoders.longTermStats, parseCourseStatisticsRecord),
        );
      case 'recent-stats':
        return store.storeRecentStats(
          range,
          await decodeBatch(batch, decoders.recentStats, parseCourseStatisticsRecord),
        );
      case 'aggregator-progress':
        return store.storeAggregatorProgress(
          range,
          await decodeBatch(batch, decoders.aggregatorProgress, (progress, record) =>
            parseProgress(progress, record, range.partition),
          ),
        );
    }
  };

  return {
    async positionsOf(assigned) {
      const stored = await store.positionsOf(assigned.map((target) => toSinkPartition(topicPrefix, target)));
      assigned.forEach((target, index) => {
        positions.set(topicPartitionKey(target), offsetOf(stored[index] ?? 0));
      });
      return new Map(positions);
    },

    async apply(batch) {
      const key = topicPartitionKey(batch);
      // Not the batch's own beginning: between two batches there can be control records, which nobody stores.
      const from = positions.get(key) ?? batch.fetchedOffset;
      try {
        await storeBatch(batch, { ...toSinkPartition(topicPrefix, batch), from, to: batch.nextOffset });
      } catch (error) {
        if (!(error instanceof ReadModelError) || error.retriable) throw error;
        if (error.code === 'POSITION_GAP') onGap(error);
        // Nothing but our own program can be wrong, so this partition stops.
        throw new StreamsError('IMPOSSIBLE_RECORD', `${key} from offset ${from}: ${error.message}`, {
          cause: error,
        });
      }
      positions.set(key, batch.nextOffset);
    },
  };
};

const toSinkPartition = (
  topicPrefix: string,
  { topic, partition }: TopicPartition,
): Pick<SinkRange, 'topic' | 'partition'> => ({ topic: sinkTopicOf(topicPrefix, topic), partition });

const parseProgress = (
  progress: AggregatorProgress,
  record: StreamRecord,
  partition: number,
): AggregatorProgressRecord => {
  if (progress.partition !== partition)
    throw new CodecError(`Progress of partition ${progress.partition} in partition ${partition}`);
  return { ...progress, day: progress.day as EpochDay | null, recordOffset: record.offset };
};
