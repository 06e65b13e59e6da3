import type { RunQuery } from '../database.js';
import { halfStarColumns } from '../half-star-columns.js';
import type { Tables } from '../tables.js';
import { trueProgress } from './true-progress.js';

/** How the rows of a table differ from those of the same table built anew. */
export interface RowDifferences {
  /** Rows that both must have the same, as far as they have come. */
  readonly compared: number;
  /** Rows that say something else. */
  readonly wrong: number;
  /** Rows that are not there. */
  readonly missing: number;
  /** Rows that must not be there. */
  readonly superfluous: number;
}

/** The same of each table. */
export interface TableDifferences {
  readonly reviews: RowDifferences;
  readonly courseStatistics: RowDifferences;
}

/**
 * Compares tables with the same ones built anew, while both move on: only rows that both have come past are looked at.
 * Texts of withdrawn reviews are left out, they are erased a moment later.
 */
export const compareTables = async (
  query: RunQuery,
  inUse: Tables,
  anew: Tables,
): Promise<TableDifferences> => {
  const differences = async (statement: string): Promise<RowDifferences> => {
    const [row] = await query<{ [Name in keyof RowDifferences]: number }>(statement);
    return row ?? { compared: 0, wrong: 0, missing: 0, superfluous: 0 };
  };
  return {
    reviews: await differences(reviewsStatement(inUse, anew)),
    courseStatistics: await differences(statisticsStatement(inUse, anew)),
  };
};

const STATE = [
  ...['review_id', 'partition', 'status', 'cause_offset', 'cause_ordinal', 'half_stars', 'created_at'],
  ...['modified_at', 'imported', 'held_score', 'held_reasons', 'detector_name', 'detector_version'],
];
const TEXT = ['text_offset', 'text_ordinal', 'title', 'content'];
const STATISTICS = [
  'course_title',
  'recent_day',
  ...(['all_time', 'recent'] as const).flatMap((columns) => [
    ...halfStarColumns(columns),
    ...['last_review_at', 'version', 'updated_at'].map((name) => `${columns}_${name}`),
  ]),
];

const rowOf = (alias: string, columns: readonly string[]): string =>
  `(${columns.map((column) => `${alias}.${column}`).join(', ')})`;
const differ = (columns: readonly string[]): string =>
  `${rowOf('old', columns)} is distinct from ${rowOf('new', columns)}`;

const COUNTS = (isWrong: string): string => `
  count(*) as compared,
  count(*) filter (where old.course_id is not null and new.course_id is not null and (${isWrong})) as wrong,
  count(*) filter (where old.course_id is null) as missing,
  count(*) filter (where new.course_id is null) as superfluous`;

/** `covered`: how far both have come, by partition. */
const covered = (inUse: Tables, anew: Tables): string => `
  with old_progress as (with ${trueProgress(inUse)}
    select partition, fraud_detector.reviews_end, coalesce(reviews_valid_end, 0) as reviews_valid_end
    from fraud_detector left join aggregator using (partition)),
  new_progress as (with ${trueProgress(anew)}
    select partition, fraud_detector.reviews_end, coalesce(reviews_valid_end, 0) as reviews_valid_end
    from fraud_detector left join aggregator using (partition)),
  covered as (
    select partition, least(old_progress.reviews_end, new_progress.reviews_end) as commands,
      least(old_progress.reviews_valid_end, new_progress.reviews_valid_end) as facts
    from old_progress join new_progress using (partition))`;

const reviewsStatement = (inUse: Tables, anew: Tables): string => `
  ${covered(inUse, anew)}
  select ${COUNTS(`${differ(STATE)} or (new.status <> 'withdrawn' and ${differ(TEXT)})`)}
  from ${inUse.reviews} old full join ${anew.reviews} new using (course_id, user_id)
  join covered on covered.partition = coalesce(new.partition, old.partition)
  where greatest(old.cause_offset, new.cause_offset) < covered.commands`;

// A course belongs to the partition of its reviews. One without any is wrong wherever it stands.
const statisticsStatement = (inUse: Tables, anew: Tables): string => `
  ${covered(inUse, anew)},
  homes as (select distinct course_id, partition from (
    select course_id, partition from ${anew.reviews} union all select course_id, partition from ${inUse.reviews}) all_reviews)
  select ${COUNTS(differ(STATISTICS))}
  from ${inUse.courseStatistics} old full join ${anew.courseStatistics} new using (course_id)
  left join homes using (course_id) left join covered using (partition)
  where homes.partition is null
    or greatest(old.all_time_version, old.recent_version, new.all_time_version, new.recent_version) < covered.facts`;
