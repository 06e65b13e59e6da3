import type { Database } from './database.js';
import {
  AGGREGATOR_PROGRESS,
  FRAUD_DETECTOR_PROGRESS,
  type AggregatorProgressRecord,
  type FraudDetectorProgressRecord,
} from './progress-tables.js';
import { rangeTransactions } from './range-transactions.js';
import type { ReviewUpdate } from './review-update.js';
import type { SinkPartition, SinkRange } from './sink-range.js';
import { storeProgress } from './store-progress.js';
import { tablesIn } from './tables.js';
import { upsertReviews } from './upsert-reviews.js';
import { upsertStatistics, type CourseStatistic } from './upsert-statistics.js';

/**
 * What the sink writes. Each call stores the records of a range and moves the partition's position to its end, all or
 * nothing; a range stored before changes nothing. Whoever listens on the channel that is named like the PostgreSQL schema
 * hears of it.
 *
 * @throws ReadModelError POSITION_GAP when records before the range were not stored
 */
export interface SinkStore {
  /** The next offset to store of each partition, in the order asked for; 0 where nothing was stored. */
  positionsOf(partitions: readonly SinkPartition[]): Promise<readonly number[]>;
  /** What the records of a range of `reviews-valid` or `reviews-fraud` say of reviews, in any order. */
  storeReviews(range: SinkRange, updates: readonly ReviewUpdate[]): Promise<void>;
  storeLongTermStats(range: SinkRange, statistics: readonly CourseStatistic[]): Promise<void>;
  storeRecentStats(range: SinkRange, statistics: readonly CourseStatistic[]): Promise<void>;
  /** Records of the range in their order. They show once the statistics they name are stored, too. */
  storeAggregatorProgress(range: SinkRange, records: readonly AggregatorProgressRecord[]): Promise<void>;
  /** Records of the range in their order. They show once the reviews they name are stored, too. */
  storeFraudDetectorProgress(
    range: SinkRange,
    records: readonly FraudDetectorProgressRecord[],
  ): Promise<void>;
}

/** @param schema the PostgreSQL schema of the tables */
export const sinkStore = (database: Database, schema: string): SinkStore => {
  const tables = tablesIn(schema);

  const storeRange = rangeTransactions(database, tables, schema);

  return {
    async positionsOf(partitions) {
      const rows = await database.query<SinkPartition & { next_offset: number }>(
        `select topic, partition, next_offset from ${tables.sinkPositions}`,
      );
      return partitions.map(
        ({ topic, partition }) =>
          rows.find((row) => row.topic === topic && row.partition === partition)?.next_offset ?? 0,
      );
    },
    storeReviews: (range, updates) =>
      storeRange({
        range,
        size: updates.length,
        store: (query) => upsertReviews(query, tables, range.partition, updates),
      }),
    storeLongTermStats: (range, statistics) =>
      storeRange({
        range,
        size: statistics.length,
        store: (query) => upsertStatistics(query, tables, 'all_time', statistics),
      }),
    storeRecentStats: (range, statistics) =>
      storeRange({
        range,
        size: statistics.length,
        store: (query) => upsertStatistics(query, tables, 'recent', statistics),
      }),
    storeAggregatorProgress: (range, records) =>
      storeRange({
        range,
        size: records.length,
        store: (query) => storeProgress(query, tables, AGGREGATOR_PROGRESS, range.partition, records),
      }),
    storeFraudDetectorProgress: (range, records) =>
      storeRange({
        range,
        size: records.length,
        store: (query) => storeProgress(query, tables, FRAUD_DETECTOR_PROGRESS, range.partition, records),
      }),
  };
};
