import { MAX_HALF_STARS, toIsoDate, type EpochDay, type Statistic } from '@reviews/domain';
import type { RunQuery } from './database.js';
import { halfStarColumns, type StatisticColumns } from './half-star-columns.js';
import { storableTextOrNull, toTimestamp } from './storable-values.js';
import type { Tables } from './tables.js';

/** A statistic of a course, as it is to be stored. */
export interface CourseStatistic extends Statistic {
  readonly courseId: string;
  readonly courseTitle: string | null;
  /** Recent statistics: the last day of the window. All-time: null. */
  readonly day: EpochDay | null;
}

/** Stores one of the two statistics of each course, wherever it is at least as new as what is stored. */
export const upsertStatistics = async (
  query: RunQuery,
  tables: Tables,
  columns: StatisticColumns,
  statistics: readonly CourseStatistic[],
): Promise<void> => {
  const rows = lastOfEachCourse(statistics);
  if (rows.length === 0) return;
  await query(upsertStatement(tables, columns), [
    rows.map((row) => row.courseId),
    rows.map((row) => storableTextOrNull(row.courseTitle)),
    ...Array.from({ length: MAX_HALF_STARS }, (_, index) => rows.map((row) => row.histogram[index] ?? 0)),
    rows.map((row) => toTimestamp(row.lastReviewAtMs)),
    rows.map((row) => row.version),
    rows.map((row) => toTimestamp(row.updatedAtMs)),
    ...(columns === 'recent' ? [rows.map((row) => (row.day === null ? null : toIsoDate(row.day)))] : []),
  ]);
};

/**
 * One row a course, or PostgreSQL refuses to update it twice. Sorted: the two topics of a partition touch the same
 * rows at the same time, and two transactions that lock rows in different orders wait for each other.
 */
export const lastOfEachCourse = (statistics: readonly CourseStatistic[]): readonly CourseStatistic[] =>
  [...new Map(statistics.map((statistic) => [statistic.courseId, statistic])).values()].sort((a, b) =>
    a.courseId < b.courseId ? -1 : 1,
  );

const upsertStatement = ({ courseStatistics }: Tables, columns: StatisticColumns): string => {
  const typed: readonly (readonly [column: string, type: string])[] = [
    ['course_id', 'text'],
    ['course_title', 'text'],
    ...halfStarColumns(columns).map((column) => [column, 'bigint'] as const),
    [`${columns}_last_review_at`, 'timestamptz'],
    [`${columns}_version`, 'bigint'],
    [`${columns}_updated_at`, 'timestamptz'],
    ...(columns === 'recent' ? [['recent_day', 'date'] as const] : []),
  ];
  const names = typed.map(([column]) => column);
  const updated = names.slice(2);
  const version = `${columns}_version`;
  // The other statistic may be newer and have brought a newer title.
  return `
    insert into ${courseStatistics} as stored (${names.join(', ')})
    select * from unnest(${typed.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')})
    on conflict (course_id) do update set
      course_title = case
        when excluded.${version} >= coalesce(greatest(stored.all_time_version, stored.recent_version), -1)
        then excluded.course_title else stored.course_title end,
      ${updated.map((column) => `${column} = excluded.${column}`).join(', ')},
      changed_in = pg_current_xact_id()
    where stored.${version} is null or stored.${version} <= excluded.${version}`;
};
