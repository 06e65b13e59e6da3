import type { CourseId, EpochDay, EventTimeMs, Statistic } from '@reviews/domain';

type HalfStarFields = Readonly<Record<`halfStars${number}`, number>>;

/** A value of `long-term-stats` or `recent-stats` as Avro has it: flat, so that generic tools can upsert it. */
export type CourseStatisticsRecord = HalfStarFields & {
  readonly courseId: string;
  readonly version: number;
  readonly updatedAt: number;
  readonly courseTitle: string | null;
  readonly lastReviewAt: number | null;
  readonly day: number | null;
};

/** A course's statistic with what names it. */
export interface CourseStatistics extends Statistic {
  readonly courseId: CourseId;
  readonly courseTitle: string | null;
  /** Recent statistics: the last day of the window at that version. All-time: null. */
  readonly day: EpochDay | null;
}

export const toCourseStatisticsRecord = (statistics: CourseStatistics): CourseStatisticsRecord => ({
  courseId: statistics.courseId,
  version: statistics.version,
  updatedAt: statistics.updatedAtMs,
  courseTitle: statistics.courseTitle,
  lastReviewAt: statistics.lastReviewAtMs,
  day: statistics.day,
  ...Object.fromEntries(statistics.histogram.map((count, index) => [`halfStars${index + 1}`, count])),
});

export const parseCourseStatisticsRecord = (record: CourseStatisticsRecord): CourseStatistics => ({
  // Written by the aggregator from ids that were checked on the way in.
  courseId: record.courseId as CourseId,
  version: record.version,
  updatedAtMs: record.updatedAt,
  courseTitle: record.courseTitle,
  lastReviewAtMs: record.lastReviewAt as EventTimeMs | null,
  day: record.day as EpochDay | null,
  histogram: Array.from({ length: 10 }, (_, index) => record[`halfStars${index + 1}`] ?? 0),
});
