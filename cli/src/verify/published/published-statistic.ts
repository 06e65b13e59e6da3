import type { CourseStatisticsRecord } from '@reviews/contracts';
import type { StoredCourseStatistics } from '@reviews/read-model';
import type { CourseRecount } from '../recount/course-recount.js';

/** Which of a course's two statistics. */
export type Scope = 'allTime' | 'recent';

/** What somebody was told: a statistic as it stands in a topic or in the table. */
export interface PublishedStatistic {
  readonly courseId: string;
  readonly scope: Scope;
  /** Where it stands. */
  readonly where: string;
  readonly version: number;
  readonly histogram: readonly number[];
  readonly lastReviewAtMs: number | null;
  readonly updatedAtMs: number;
  /** Of the recent statistic. */
  readonly day: number | null;
  /** Undefined where the title belongs to the other statistic. */
  readonly title: string | null | undefined;
}

/** Where the statistics of a row stand. */
export const TABLE_PLACES: Readonly<Record<Scope, string>> = {
  allTime: 'course_statistics (all_time)',
  recent: 'course_statistics (recent)',
};

export const ofTopic = (record: CourseStatisticsRecord, scope: Scope, where: string): PublishedStatistic => ({
  courseId: record.courseId,
  scope,
  where,
  version: record.version,
  histogram: Array.from({ length: 10 }, (_, index) => record[`halfStars${index + 1}`] ?? 0),
  lastReviewAtMs: record.lastReviewAt,
  updatedAtMs: record.updatedAt,
  day: record.day,
  title: record.courseTitle,
});

/** The statistics of a row; none of those that were never stored. */
export const ofRow = (row: StoredCourseStatistics): readonly PublishedStatistic[] => {
  const { courseId, courseTitle } = row;
  // A row has one title: that of its newer statistic.
  const newest = Math.max(row.allTime.version, row.recent.version);
  const titleAt = (version: number): string | null | undefined =>
    version === newest ? courseTitle : undefined;
  const statistics: readonly PublishedStatistic[] = [
    {
      ...row.allTime,
      courseId,
      scope: 'allTime',
      where: TABLE_PLACES.allTime,
      day: null,
      title: titleAt(row.allTime.version),
    },
    {
      ...row.recent,
      courseId,
      scope: 'recent',
      where: TABLE_PLACES.recent,
      title: titleAt(row.recent.version),
    },
  ];
  return statistics.filter(({ version }) => version >= 0);
};

/** What differs between a statistic and its recount on the day reached; empty when nothing does. */
export const deviationsOf = (
  published: PublishedStatistic,
  course: CourseRecount,
  day: number,
): readonly string[] => {
  const isRecent = published.scope === 'recent';
  const { histogram, lastReviewAtMs } = isRecent ? course.recent(day) : course.allTime();
  const { updatedAtMs } = isRecent ? course.recentStamp : course.allTimeStamp;
  return [
    ...histogram.flatMap((count, index) =>
      deviation(`reviews with ${(index + 1) / 2} stars`, published.histogram[index], count),
    ),
    ...deviation('last review', timeText(published.lastReviewAtMs), timeText(lastReviewAtMs)),
    ...deviation('updated', timeText(published.updatedAtMs), timeText(updatedAtMs)),
    ...deviation('day', published.day, isRecent ? course.recentDay : null),
    ...(published.title === undefined
      ? []
      : deviation('title', storable(published.title), storable(course.title))),
  ];
};

const deviation = (name: string, published: unknown, recounted: unknown): readonly string[] =>
  published === recounted ? [] : [`${name}: ${String(published)}, recounted ${String(recounted)}`];

const timeText = (timeMs: number | null): string | null =>
  timeMs === null ? null : new Date(timeMs).toISOString();

// PostgreSQL cannot store this character, so the table has another in its place.
const storable = (title: string | null): string | null => title?.replaceAll('\u0000', '\uFFFD') ?? null;
