import { toIsoDate } from '@reviews/domain';
import type { SinkTopic } from './sink-range.js';
import type { StoredProgress } from './statistics-queries.js';
import type { Tables } from './tables.js';

/** A record of `aggregator-progress`, as it is to be stored: true once everything before the two ends is stored. */
export interface AggregatorProgressRecord extends StoredProgress {
  /** Where it stands in its topic. */
  readonly recordOffset: number;
  readonly longTermStatsEnd: number;
  readonly recentStatsEnd: number;
}

/** A record of `fraud-detector-progress`, as it is to be stored: true once everything before the two ends is stored. */
export interface FraudDetectorProgressRecord {
  /** Where it stands in its topic. */
  readonly recordOffset: number;
  /** Commands before this offset of `reviews` are covered. */
  readonly reviewsEnd: number;
  readonly reviewsValidEnd: number;
  readonly reviewsFraudEnd: number;
}

/** How the records of a topic of progress are stored, besides partition and offset. */
export interface ProgressTable<Progress> {
  readonly table: keyof Tables;
  readonly columns: readonly ProgressColumn<Progress>[];
}

export interface ProgressColumn<Progress> {
  readonly name: string;
  readonly type: 'bigint' | 'date';
  readonly value: (record: Progress) => number | string | null;
  /** The topic whose end it is, if it is one a record has to wait for. */
  readonly endOf?: SinkTopic;
}

export const AGGREGATOR_PROGRESS: ProgressTable<AggregatorProgressRecord> = {
  table: 'aggregatorProgress',
  columns: [
    { name: 'reviews_end', type: 'bigint', value: ({ reviewsEnd }) => reviewsEnd },
    { name: 'reviews_valid_end', type: 'bigint', value: ({ reviewsValidEnd }) => reviewsValidEnd },
    { name: 'day', type: 'date', value: ({ day }) => (day === null ? null : toIsoDate(day)) },
    {
      name: 'long_term_stats_end',
      type: 'bigint',
      value: ({ longTermStatsEnd }) => longTermStatsEnd,
      endOf: 'long-term-stats',
    },
    {
      name: 'recent_stats_end',
      type: 'bigint',
      value: ({ recentStatsEnd }) => recentStatsEnd,
      endOf: 'recent-stats',
    },
  ],
};

export const FRAUD_DETECTOR_PROGRESS: ProgressTable<FraudDetectorProgressRecord> = {
  table: 'fraudDetectorProgress',
  columns: [
    { name: 'reviews_end', type: 'bigint', value: ({ reviewsEnd }) => reviewsEnd },
    {
      name: 'reviews_valid_end',
      type: 'bigint',
      value: ({ reviewsValidEnd }) => reviewsValidEnd,
      endOf: 'reviews-valid',
    },
    {
      name: 'reviews_fraud_end',
      type: 'bigint',
      value: ({ reviewsFraudEnd }) => reviewsFraudEnd,
      endOf: 'reviews-fraud',
    },
  ],
};

/** Columns of a table that name the end of a topic, with that topic. */
export const endColumnsOf = <Progress>({
  columns,
}: ProgressTable<Progress>): readonly (ProgressColumn<Progress> & { readonly endOf: SinkTopic })[] =>
  columns.flatMap(({ endOf, ...column }) => (endOf === undefined ? [] : [{ ...column, endOf }]));

/** Condition on a row of a table of progress: everything before its ends is stored. `$1` is the partition. */
export const isTrueProgress = <Progress>({ sinkPositions }: Tables, table: ProgressTable<Progress>): string =>
  endColumnsOf(table)
    .map(
      ({ name, endOf }) =>
        `${name} <= coalesce((select next_offset from ${sinkPositions} where topic = '${endOf}' and partition = $1), 0)`,
    )
    .join(' and ');
