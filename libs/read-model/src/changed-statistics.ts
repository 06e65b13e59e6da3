import type { EpochDay } from '@reviews/domain';
import {
  COURSE_STATISTICS_COLUMNS,
  toStoredCourseStatistics,
  type CourseStatisticsRow,
  type StoredCourseStatistics,
} from './course-statistics-row.js';
import type { RunQuery } from './database.js';
import { feedPositionOf, type FeedPosition } from './feed-position.js';
import { ReadModelError } from './read-model-error.js';
import type { Tables } from './tables.js';

/** Courses as they were at one moment. */
export interface ChangePage {
  /** That moment. */
  readonly position: FeedPosition;
  /** The day every course of a partition was rolled to, at that moment. */
  readonly days: ReadonlyMap<number, EpochDay>;
  /** In the order of their ids; courses that never had a valid review may be among them. */
  readonly courses: readonly ChangedCourse[];
  /** False when there may be more courses after the last one. */
  readonly isLast: boolean;
}

export interface ChangedCourse extends StoredCourseStatistics {
  /** The transaction that changed it last. */
  readonly changedIn: bigint;
}

/** Which courses are asked for. */
export interface ChangeQuery {
  /** Only what was not seen by then. */
  readonly since: FeedPosition;
  /** Only courses after this one; an empty text: from the first one. */
  readonly afterCourse: string;
  /** Only these; undefined: all. */
  readonly courses?: readonly string[] | undefined;
  readonly limit: number;
}

/**
 * What has changed. A page is one statement, so that its position and its courses are of one moment. Whoever reads on
 * after the last course of a page, and the next time since the position of the FIRST page, misses nothing.
 *
 * @throws ReadModelError
 */
export interface StatisticsChanges {
  /** Nothing but the position. */
  now(): Promise<ChangePage>;
  changedSince(query: ChangeQuery): Promise<ChangePage>;
  /** Those of these courses that are there, changed or not. */
  ofCourses(courseIds: readonly string[]): Promise<ChangePage>;
}

export const statisticsChanges = (query: RunQuery, tables: Tables): StatisticsChanges => {
  const read = async (condition: string, limit: number, values: readonly unknown[]): Promise<ChangePage> =>
    toChangePage(await query<ChangeRow>(pageStatement(tables, condition, limit), values), limit);

  return {
    now: () => read('false', 1, []),
    changedSince: ({ since, afterCourse, courses, limit }) =>
      courses === undefined
        ? read(CHANGED, limit, [String(since.xmax), since.inProgress.map(String), afterCourse])
        : read(`${CHANGED} and course_id = any($4::text[])`, limit, [
            String(since.xmax),
            since.inProgress.map(String),
            afterCourse,
            courses,
          ]),
    ofCourses: (courseIds) => read('course_id = any($1::text[])', courseIds.length + 1, [courseIds]),
  };
};

/**
 * What pg_visible_in_snapshot says no to, in a form that an index answers however long some other transaction lasts.
 * Rows that were copied from another cluster may bear transactions that have not begun here: not all over again.
 */
const CHANGED = `(changed_in >= $1::xid8 or changed_in = any($2::xid8[]))
  and changed_in < pg_snapshot_xmax(pg_current_snapshot()) and course_id > $3`;

const pageStatement = (
  { courseStatistics, aggregatorProgress, sinkPositions }: Tables,
  condition: string,
  limit: number,
): string => `
  select moment.*, course.*
  from (select
      pg_current_snapshot()::text as snapshot,
      '${courseStatistics}'::regclass::oid::text as generation,
      (select jsonb_object_agg(partition, day) from (
        select distinct on (progress.partition) progress.partition, progress.day - date '1970-01-01' as day
        from ${aggregatorProgress} progress
        where long_term_stats_end <= ${storedEnd(sinkPositions, 'long-term-stats')}
          and recent_stats_end <= ${storedEnd(sinkPositions, 'recent-stats')}
        order by progress.partition, record_offset desc
      ) reached where day is not null) as days
    ) moment
  left join (
    select ${COURSE_STATISTICS_COLUMNS}, changed_in::text as changed_in
    from ${courseStatistics}
    where all_time_version is not null and ${condition}
    order by course_id limit ${limit}
  ) course on true
  order by course_id`;

const storedEnd = (sinkPositions: string, topic: 'long-term-stats' | 'recent-stats'): string =>
  `coalesce((select next_offset from ${sinkPositions} stored
     where stored.topic = '${topic}' and stored.partition = progress.partition), 0)`;

/** The moment is on every row, and on one without a course when there is none. */
type ChangeRow = Moment & (ChangedRow | { readonly course_id: null });

interface Moment {
  readonly snapshot: string;
  readonly generation: string;
  readonly days: Readonly<Record<string, EpochDay>> | null;
}

type ChangedRow = CourseStatisticsRow & { readonly changed_in: string };

const toChangePage = (rows: readonly ChangeRow[], limit: number): ChangePage => {
  const [moment] = rows;
  const position = moment === undefined ? undefined : feedPositionOf(moment.generation, moment.snapshot);
  if (moment === undefined || position === undefined)
    throw new ReadModelError('QUERY_REFUSED', `PostgreSQL told no snapshot: ${String(moment?.snapshot)}`);
  const days = Object.entries(moment.days ?? {});
  const courses = rows.filter(isChangedRow).map((row) => ({
    ...toStoredCourseStatistics(row),
    changedIn: BigInt(row.changed_in),
  }));
  return {
    position,
    days: new Map(days.map(([partition, day]) => [Number(partition), day])),
    courses,
    isLast: courses.length < limit,
  };
};

const isChangedRow = (row: ChangeRow): row is Moment & ChangedRow => row.course_id !== null;
