import { MAX_HALF_STARS, WINDOW_DAYS } from '@reviews/domain';
import type { RunQuery } from '../database.js';
import { halfStarColumns, type StatisticColumns } from '../half-star-columns.js';
import type { Tables } from '../tables.js';
import { trueProgress } from './true-progress.js';

/** How the two tables of a course disagree. */
export type Disagreement =
  /** The published reviews do not add up to the all-time statistic. */
  | 'all-time-differs'
  /** Those of the window do not add up to the recent one. */
  | 'recent-differs'
  /** There are published reviews and no statistic. */
  | 'no-statistic'
  /** There is a statistic and no review. */
  | 'no-review';

/** What a cross-check found. */
export interface CrossCheck {
  /** Courses whose two tables were compared, and agree. */
  readonly agreeing: number;
  /** Courses that one of the tables knows more about than the other, just now. */
  readonly busy: readonly string[];
  readonly disagreeing: readonly { readonly courseId: string; readonly how: Disagreement }[];
  /** How many more are busy or disagree than are named here. */
  readonly unnamed: number;
}

/** More than anybody reads: a table that is all wrong must not fill the memory. */
const MAX_COURSES = 10_000;

/**
 * Adds up the published reviews of each course and compares them with its statistics, which came another way: over the
 * aggregator. All in one statement, so that everything is of one moment.
 *
 * At that moment the tables may have come to different places. They have the same in them for a course when the
 * statistics cover every command its reviews know of, and the reviews every fact its statistics know of; else it is busy.
 *
 * @param courses only these; undefined: all
 */
export const crossCheck = async (
  query: RunQuery,
  tables: Tables,
  courses?: readonly string[],
): Promise<CrossCheck> => {
  const rows = await query<JudgedRow>(statement(tables), [courses ?? null]);
  const of = (...judgements: readonly Judgement[]): readonly JudgedRow[] =>
    rows.filter(({ judgement }) => judgements.includes(judgement));
  return {
    agreeing: of('agrees')[0]?.count ?? 0,
    busy: of('busy').flatMap(({ courses: ids }) => ids),
    disagreeing: of('all-time-differs', 'recent-differs', 'no-statistic', 'no-review').flatMap(
      ({ judgement, courses: ids }) => ids.map((courseId) => ({ courseId, how: judgement as Disagreement })),
    ),
    unnamed: rows
      .filter(({ judgement }) => judgement !== 'agrees')
      .reduce((sum, { count, courses: ids }) => sum + count - ids.length, 0),
  };
};

type Judgement = Disagreement | 'agrees' | 'busy';

interface JudgedRow {
  readonly judgement: Judgement;
  readonly count: number;
  readonly courses: readonly string[];
}

const histogram = (condition: string): string =>
  `array[${Array.from(
    { length: MAX_HALF_STARS },
    (_, index) => `count(*) filter (where half_stars = ${index + 1} and ${condition})`,
  ).join(', ')}]`;

const stored = (columns: StatisticColumns): string =>
  `array[${halfStarColumns(columns)
    .map((column) => `statistic.${column}`)
    .join(', ')}]`;

const utcMidnight = (day: string): string => `((${day})::timestamp at time zone 'UTC')`;

// A course the sweep has not reached since its window was written is as of the day of the sweep before.
const LAST_DAY = 'greatest(statistic.recent_day, aggregator.day)';
const IS_RECENT = `status = 'published' and created_at >= ${utcMidnight(`${LAST_DAY} - ${WINDOW_DAYS - 1}`)}
  and created_at < ${utcMidnight(`${LAST_DAY} + 1`)}`;

const statement = (tables: Tables): string => `
  with ${trueProgress(tables)},
  counted as (
    select course_id, review.partition, max(review.cause_offset) as last_cause,
      ${histogram(`status = 'published'`)} as all_time, ${histogram(IS_RECENT)} as recent
    from ${tables.reviews} review
    left join ${tables.courseStatistics} statistic using (course_id)
    left join aggregator using (partition)
    where $1::text[] is null or course_id = any($1)
    group by course_id, review.partition),
  compared as (
    select course_id, counted.last_cause, counted.all_time, counted.recent, counted.partition,
      statistic.all_time_version, statistic.recent_version, ${stored('all_time')} as stored_all_time,
      ${stored('recent')} as stored_recent
    from counted full join (
      select * from ${tables.courseStatistics} where $1::text[] is null or course_id = any($1)) statistic
      using (course_id)),
  judged as (
    select course_id, case
      when last_cause is null then 'no-review'
      when last_cause >= coalesce(aggregator.reviews_end, 0)
        or greatest(all_time_version, recent_version) >= coalesce(position.next_offset, 0) then 'busy'
      when all_time_version is null then case when 0 = all(all_time) then 'agrees' else 'no-statistic' end
      when all_time <> stored_all_time then 'all-time-differs'
      when recent <> stored_recent then 'recent-differs'
      else 'agrees' end as judgement
    from compared left join aggregator using (partition)
    left join ${tables.sinkPositions} position
      on position.topic = 'reviews-valid' and position.partition = compared.partition)
  select judgement, count(*) as count,
    case when judgement = 'agrees' then '{}' else (array_agg(course_id order by course_id))[1:${MAX_COURSES}] end as courses
  from judged group by judgement`;
