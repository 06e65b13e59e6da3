import type { EpochDay, EventTimeMs } from './day.js';
import { noBuckets, type DayBuckets } from './day-buckets.js';
import { emptyHistogram, equalHistograms, type Histogram } from './histogram.js';

/** One statistic of a course: all-time or recent. */
export interface Statistic {
  readonly histogram: Histogram;
  /** Latest `createdAt` of any review counted so far; null before the first. */
  readonly lastReviewAtMs: EventTimeMs | null;
  /** Receipt: the offset in `reviews-valid` of the last record that changed this statistic; -1 before the first. */
  readonly version: number;
  /** The broker's append time of that record; 0 before the first. */
  readonly updatedAtMs: number;
}

/** The statistic of the recent window. */
export interface RecentStatistic extends Statistic {
  /** The last day of the window at that version. */
  readonly day: EpochDay;
}

/** Everything the aggregator knows of a course. */
export interface CourseState {
  /** The first title seen; only an import changes it. */
  readonly courseTitle: string | null;
  readonly allTime: Statistic;
  readonly recent: RecentStatistic;
  /** The day `recent` was rolled to. */
  readonly day: EpochDay;
  /** Days inside the window and, at the end, days yet to come. */
  readonly buckets: DayBuckets;
}

/** What decides when a course changes by itself. */
export type CourseDays = Pick<CourseState, 'day' | 'buckets'>;

/** The version of a statistic that no record has changed yet. */
export const NO_VERSION = -1;

const NO_STATISTIC: Statistic = Object.freeze({
  histogram: emptyHistogram,
  lastReviewAtMs: null,
  version: NO_VERSION,
  updatedAtMs: 0,
});

/** A course without reviews, in a partition that has reached a day. */
export const emptyCourse = (day: EpochDay): CourseState => ({
  courseTitle: null,
  allTime: NO_STATISTIC,
  recent: { ...NO_STATISTIC, day },
  day,
  buckets: noBuckets,
});

/** Whether the two show a reader the same: numbers and dates, not receipts. */
export const sameNumbers = (a: Statistic, b: Statistic): boolean =>
  a.lastReviewAtMs === b.lastReviewAtMs && equalHistograms(a.histogram, b.histogram);
