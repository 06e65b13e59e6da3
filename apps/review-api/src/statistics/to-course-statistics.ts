import {
  averageRating,
  dayOf,
  reviewCount,
  toIsoDate,
  toRating,
  WINDOW_DAYS,
  windowEndingOn,
  type EpochDay,
  type HalfStars,
  type Histogram,
  type Statistic,
} from '@reviews/domain';
import type { StoredCourseStatistics } from '@reviews/read-model';
import type { CourseStatisticsResponse, StatisticResponse } from './course-statistics.response.js';

const MAX_STARS = 5;

/**
 * What clients see of a course; undefined when it never had a valid review.
 *
 * @param partitionDay the day every course of the partition was rolled to, read before the course
 */
export const toCourseStatistics = (
  stored: StoredCourseStatistics,
  partitionDay: EpochDay | null,
): CourseStatisticsResponse | undefined => {
  const { courseId, courseTitle, allTime, recent } = stored;
  if (allTime.lastReviewAtMs === null) return undefined;
  const window = windowEndingOn(lastDayOf(stored, partitionDay));
  return {
    courseId,
    courseTitle,
    allTime: toStatistic(allTime),
    recent: {
      ...toStatistic(recent),
      windowDays: WINDOW_DAYS,
      windowStart: toIsoDate(window.firstDay),
      windowEnd: toIsoDate(window.lastDay),
    },
    updatedAt: toDateTime(Math.max(allTime.updatedAtMs, recent.updatedAtMs)),
  };
};

// A course whose numbers stay the same is not published on a new day: the partition's day says that they still hold.
// Before either is known, the window ends on the day the all-time statistic was written.
const lastDayOf = ({ allTime, recent }: StoredCourseStatistics, partitionDay: EpochDay | null): EpochDay => {
  const days = [recent.day, partitionDay].filter((day) => day !== null);
  return days.length === 0 ? dayOf(allTime.updatedAtMs) : (Math.max(...days) as EpochDay);
};

const toStatistic = ({ histogram, lastReviewAtMs, version }: Statistic): StatisticResponse => ({
  count: reviewCount(histogram),
  averageRating: averageRating(histogram),
  halfStarCounts: halfStarCountsOf(histogram),
  starCounts: starCountsOf(histogram),
  lastReviewAt: lastReviewAtMs === null ? null : toDateTime(lastReviewAtMs),
  version,
});

const halfStarCountsOf = (histogram: Histogram): Readonly<Record<string, number>> =>
  Object.fromEntries(histogram.map((count, index) => [String(toRating((index + 1) as HalfStars)), count]));

const starCountsOf = (histogram: Histogram): Readonly<Record<string, number>> => {
  const counts = new Array<number>(MAX_STARS + 1).fill(0);
  histogram.forEach((count, index) => {
    const stars = Math.floor(toRating((index + 1) as HalfStars));
    counts[stars] = (counts[stars] ?? 0) + count;
  });
  return Object.fromEntries(counts.entries());
};

const toDateTime = (timeMs: number): string => new Date(timeMs).toISOString();
