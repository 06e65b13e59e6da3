import type { EpochDay, EventTimeMs, Statistic } from '@reviews/domain';
import { halfStarColumns, type StatisticColumns } from './half-star-columns.js';

/** A course's statistics as the tables have them. */
export interface StoredCourseStatistics {
  readonly courseId: string;
  readonly courseTitle: string | null;
  readonly allTime: Statistic;
  /** Version -1 until a recent statistic was stored; `day` is the last day of the window it was written for. */
  readonly recent: Statistic & { readonly day: EpochDay | null };
}

/** A row of `course_statistics`. */
export type CourseStatisticsRow = StatisticRow<'all_time'> &
  StatisticRow<'recent'> & {
    readonly course_id: string;
    readonly course_title: string | null;
    readonly recent_day: EpochDay | null;
  };

type StatisticRow<Columns extends StatisticColumns> = Readonly<
  Record<`${Columns}_half_stars`, readonly number[]> &
    Record<`${Columns}_last_review_at` | `${Columns}_updated_at`, Date | null> &
    Record<`${Columns}_version`, number | null>
>;

/** What to select for a {@link CourseStatisticsRow}. */
export const COURSE_STATISTICS_COLUMNS = [
  'course_id, course_title, recent_day',
  ...(['all_time', 'recent'] as const).map(
    (columns) =>
      `array[${halfStarColumns(columns).join(', ')}] as ${columns}_half_stars,
       ${columns}_last_review_at, ${columns}_version, ${columns}_updated_at`,
  ),
].join(', ');

export const toStoredCourseStatistics = (row: CourseStatisticsRow): StoredCourseStatistics => ({
  courseId: row.course_id,
  courseTitle: row.course_title,
  allTime: statisticOf(
    row.all_time_half_stars,
    row.all_time_last_review_at,
    row.all_time_version,
    row.all_time_updated_at,
  ),
  recent: {
    ...statisticOf(
      row.recent_half_stars,
      row.recent_last_review_at,
      row.recent_version,
      row.recent_updated_at,
    ),
    day: row.recent_day,
  },
});

const statisticOf = (
  halfStars: readonly number[],
  lastReviewAt: Date | null,
  version: number | null,
  updatedAt: Date | null,
): Statistic => ({
  histogram: halfStars,
  lastReviewAtMs: (lastReviewAt?.getTime() ?? null) as EventTimeMs | null,
  version: version ?? -1,
  updatedAtMs: updatedAt?.getTime() ?? 0,
});
