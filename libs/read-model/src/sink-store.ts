import { advancePosition } from './advance-position.js';
import type { Database, RunQuery } from './database.js';
import type { SinkPartition, SinkRange } from './sink-range.js';
import { storeProgress, type AggregatorProgressRecord } from './store-progress.js';
import type { Tables } from './tables.js';
import { upsertStatistics, type CourseStatistic } from './upsert-statistics.js';

/**
 * What the sink writes. Each call stores the records of a range and moves the partition's position to its end, all or
 * nothing; a range stored before changes nothing.
 *
 * @throws ReadModelError POSITION_GAP when records before the range were not stored
 */
export interface SinkStore {
  /** The next offset to store of each partition, in the order asked for; 0 where nothing was stored. */
  positionsOf(partitions: readonly SinkPartition[]): Promise<readonly number[]>;
  storeLongTermStats(range: SinkRange, statistics: readonly CourseStatistic[]): Promise<void>;
  storeRecentStats(range: SinkRange, statistics: readonly CourseStatistic[]): Promise<void>;
  /** Records of the range in their order. They show once the statistics they name are stored, too. */
  storeAggregatorProgress(range: SinkRange, records: readonly AggregatorProgressRecord[]): Promise<void>;
}

export const sinkStore = (database: Database, tables: Tables): SinkStore => {
  const storeRange = async (
    range: SinkRange,
    storeRecords: (query: RunQuery) => Promise<void>,
  ): Promise<void> => {
    await database.inTransaction(async (query) => {
      const outcome = await advancePosition(query, tables, range);
      if (outcome === 'advanced') await storeRecords(query);
    });
  };

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
    storeLongTermStats: (range, statistics) =>
      storeRange(range, (query) => upsertStatistics(query, tables, 'all_time', statistics)),
    storeRecentStats: (range, statistics) =>
      storeRange(range, (query) => upsertStatistics(query, tables, 'recent', statistics)),
    storeAggregatorProgress: (range, records) =>
      storeRange(range, (query) => storeProgress(query, tables, range.partition, records)),
  };
};
