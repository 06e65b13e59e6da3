import { toIsoDate, type EpochDay } from '@reviews/domain';
import type { RunQuery } from './database.js';
import { progressToKeep, type ProgressRecord } from './progress-to-keep.js';
import type { SinkPartition } from './sink-range.js';
import type { StoredProgress } from './statistics-queries.js';
import type { Tables } from './tables.js';

/** A record of `aggregator-progress`, as it is to be stored. */
export interface AggregatorProgressRecord extends ProgressRecord, StoredProgress {}

/** Stores what the aggregator said of a partition, whether its statistics are here already or not. */
export const storeProgress = async (
  query: RunQuery,
  tables: Tables,
  partition: number,
  incoming: readonly AggregatorProgressRecord[],
): Promise<void> => {
  const known = await storedProgress(query, tables, partition);
  const fresh = incoming.filter((record) => record.recordOffset > (known.at(-1)?.recordOffset ?? -1));
  if (fresh.length === 0) return;
  // Read before or while statistics are stored, the ends are too low at worst: a record is kept that need not be.
  const kept = progressToKeep([...known, ...fresh], await storedEnds(query, tables, partition));
  await query(
    `delete from ${tables.aggregatorProgress} where partition = $1 and record_offset <> all ($2::bigint[])`,
    [partition, kept.map((record) => record.recordOffset)],
  );
  const added = kept.filter((record) => fresh.includes(record));
  await query(
    `insert into ${tables.aggregatorProgress} (partition, record_offset, reviews_end, reviews_valid_end, day,
       long_term_stats_end, recent_stats_end)
     select $1, * from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::date[], $6::bigint[], $7::bigint[])`,
    [
      partition,
      added.map((record) => record.recordOffset),
      added.map((record) => record.reviewsEnd),
      added.map((record) => record.reviewsValidEnd),
      added.map((record) => (record.day === null ? null : toIsoDate(record.day))),
      added.map((record) => record.longTermStatsEnd),
      added.map((record) => record.recentStatsEnd),
    ],
  );
};

const storedProgress = async (
  query: RunQuery,
  { aggregatorProgress }: Tables,
  partition: number,
): Promise<readonly AggregatorProgressRecord[]> => {
  const rows = await query<StoredProgressRow>(
    `select record_offset, reviews_end, reviews_valid_end, day, long_term_stats_end, recent_stats_end
     from ${aggregatorProgress} where partition = $1 order by record_offset`,
    [partition],
  );
  return rows.map((row) => ({
    recordOffset: row.record_offset,
    reviewsEnd: row.reviews_end,
    reviewsValidEnd: row.reviews_valid_end,
    day: row.day,
    longTermStatsEnd: row.long_term_stats_end,
    recentStatsEnd: row.recent_stats_end,
  }));
};

interface StoredProgressRow {
  readonly record_offset: number;
  readonly reviews_end: number;
  readonly reviews_valid_end: number;
  readonly day: EpochDay | null;
  readonly long_term_stats_end: number;
  readonly recent_stats_end: number;
}

const storedEnds = async (
  query: RunQuery,
  { sinkPositions }: Tables,
  partition: number,
): Promise<{ longTermStats: number; recentStats: number }> => {
  const rows = await query<SinkPartition & { next_offset: number }>(
    `select topic, partition, next_offset from ${sinkPositions} where partition = $1`,
    [partition],
  );
  const endOf = (topic: SinkPartition['topic']): number =>
    rows.find((row) => row.topic === topic)?.next_offset ?? 0;
  return { longTermStats: endOf('long-term-stats'), recentStats: endOf('recent-stats') };
};
