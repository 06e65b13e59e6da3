import type { EpochDay, EventTimeMs } from './day.js';
import { dayOf } from './day.js';
import {
  combine,
  emptyHistogram,
  equalHistograms,
  histogramOf,
  isPossible,
  retract,
  type Histogram,
} from './histogram.js';
import { isRecent, windowEndingOn } from './recent-window.js';
import type { CountedReview, PublishedReview, ReviewChange } from './review-fact.js';

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

/** The reviews of one day of a course, while that day can still matter to the window. */
export interface DayBucket {
  readonly day: EpochDay;
  readonly histogram: Histogram;
  readonly lastReviewAtMs: EventTimeMs;
}

/** Everything the aggregator knows of a course. */
export interface CourseState {
  /** The first title seen; only an import changes it. */
  readonly courseTitle: string | null;
  readonly allTime: Statistic;
  readonly recent: RecentStatistic;
  /** The day `recent` was rolled to. */
  readonly day: EpochDay;
  /** Days inside the window and, at the end, days yet to come; ascending, one each. */
  readonly buckets: readonly DayBucket[];
}

/** A record of `reviews-valid` that changes statistics: its offset and the broker's append time. */
export interface Receipt {
  readonly offset: number;
  readonly appendTimeMs: number;
}

const NO_STATISTIC: Statistic = Object.freeze({
  histogram: emptyHistogram,
  lastReviewAtMs: null,
  version: -1,
  updatedAtMs: 0,
});

/** A course without reviews, in a partition that has reached a day. */
export const emptyCourse = (day: EpochDay): CourseState => ({
  courseTitle: null,
  allTime: NO_STATISTIC,
  recent: { ...NO_STATISTIC, day },
  day,
  buckets: [],
});

/**
 * Counts a change: `after` is added, `before` is subtracted, each in the bucket of its own day.
 * The course must have been rolled to the partition's day before.
 *
 * @returns null when the change takes away a review that was never counted, which only a broken log can cause
 */
export const countChange = (
  course: CourseState,
  change: Pick<ReviewChange, 'before' | 'after'>,
  receipt: Receipt,
): CourseState | null => {
  const withoutBefore = change.before === null ? course : removeReview(course, change.before);
  const counted = change.after === null ? withoutBefore : addReview(withoutBefore, change.after);
  if (!histogramsOf(counted).every(isPossible)) return null;
  const courseTitle = titleAfter(course.courseTitle, change.after);
  const isRenamed = courseTitle !== course.courseTitle;
  return {
    ...counted,
    courseTitle,
    allTime:
      isRenamed || isNews(course.allTime, counted.allTime)
        ? withReceipt(counted.allTime, receipt)
        : counted.allTime,
    recent:
      isRenamed || isNews(course.recent, counted.recent)
        ? { ...withReceipt(counted.recent, receipt), day: course.day }
        : counted.recent,
  };
};

/**
 * Brings a course to a later day: days that left the window are taken out of `recent`, days that came are put in.
 *
 * @param receipt the day-started record that says so; becomes the version if a number changed
 */
export const rollTo = (course: CourseState, day: EpochDay, receipt: Receipt): CourseState => {
  if (day <= course.day) return course;
  const window = windowEndingOn(day);
  const previous = windowEndingOn(course.day);
  const buckets = course.buckets.filter((bucket) => bucket.day >= window.firstDay);
  let { histogram } = course.recent;
  for (const bucket of course.buckets) {
    const wasIn = isRecent(bucket.day, previous);
    const isIn = isRecent(bucket.day, window);
    if (wasIn && !isIn) histogram = retract(histogram, bucket.histogram);
    if (!wasIn && isIn) histogram = combine(histogram, bucket.histogram);
  }
  const recent: RecentStatistic = {
    ...course.recent,
    histogram,
    lastReviewAtMs: lastReviewIn(buckets, day),
  };
  return {
    ...course,
    day,
    buckets,
    recent: sameNumbers(course.recent, recent) ? recent : { ...withReceipt(recent, receipt), day },
  };
};

/** The next day on which {@link rollTo} may change this course: a bucket leaves or enters. Null: never. */
export const nextChangeDay = (course: CourseState): EpochDay | null => {
  const window = windowEndingOn(course.day);
  const firstInside = course.buckets.find((bucket) => bucket.day <= window.lastDay);
  const firstWaiting = course.buckets.find((bucket) => bucket.day > window.lastDay);
  const windowLength = window.lastDay - window.firstDay + 1;
  const days = [
    ...(firstInside === undefined ? [] : [firstInside.day + windowLength]),
    ...(firstWaiting === undefined ? [] : [firstWaiting.day]),
  ];
  return days.length === 0 ? null : (Math.min(...days) as EpochDay);
};

/** Whether the two show a reader the same: numbers and dates, not receipts. */
export const sameNumbers = (a: Statistic, b: Statistic): boolean =>
  a.lastReviewAtMs === b.lastReviewAtMs && equalHistograms(a.histogram, b.histogram);

// The first fact of a course brings both its statistics into being, even one that is too old for the window.
const isNews = (before: Statistic, after: Statistic): boolean =>
  before.version === NO_STATISTIC.version || !sameNumbers(before, after);

const addReview = (course: CourseState, review: CountedReview): CourseState => {
  const one = histogramOf(review.halfStars);
  const buckets = withReviewInBucket(course, review, one);
  const isCountedNow = isRecent(dayOf(review.createdAtMs), windowEndingOn(course.day));
  return {
    ...course,
    buckets,
    allTime: {
      ...course.allTime,
      histogram: combine(course.allTime.histogram, one),
      lastReviewAtMs: later(course.allTime.lastReviewAtMs, review.createdAtMs),
    },
    recent: isCountedNow
      ? {
          ...course.recent,
          histogram: combine(course.recent.histogram, one),
          lastReviewAtMs: later(course.recent.lastReviewAtMs, review.createdAtMs),
        }
      : course.recent,
  };
};

const removeReview = (course: CourseState, review: CountedReview): CourseState => {
  const one = histogramOf(review.halfStars);
  const day = dayOf(review.createdAtMs);
  const isCountedNow = isRecent(day, windowEndingOn(course.day));
  return {
    ...course,
    // An emptied bucket stays until its day leaves: its latest review date still belongs to a day in the window.
    buckets: course.buckets.map((bucket) =>
      bucket.day === day ? { ...bucket, histogram: retract(bucket.histogram, one) } : bucket,
    ),
    allTime: { ...course.allTime, histogram: retract(course.allTime.histogram, one) },
    recent: isCountedNow
      ? { ...course.recent, histogram: retract(course.recent.histogram, one) }
      : course.recent,
  };
};

const withReviewInBucket = (
  course: CourseState,
  review: CountedReview,
  one: Histogram,
): readonly DayBucket[] => {
  const day = dayOf(review.createdAtMs);
  if (day < windowEndingOn(course.day).firstDay) return course.buckets;
  const position = course.buckets.findIndex((bucket) => bucket.day >= day);
  const found = position === -1 ? undefined : course.buckets[position];
  if (found?.day === day) {
    const grown = {
      day,
      histogram: combine(found.histogram, one),
      lastReviewAtMs: later(found.lastReviewAtMs, review.createdAtMs),
    };
    return course.buckets.with(position, grown);
  }
  const added = { day, histogram: one, lastReviewAtMs: review.createdAtMs };
  return course.buckets.toSpliced(position === -1 ? course.buckets.length : position, 0, added);
};

const histogramsOf = (course: CourseState): readonly Histogram[] => [
  course.allTime.histogram,
  course.recent.histogram,
  ...course.buckets.map((bucket) => bucket.histogram),
];

const lastReviewIn = (buckets: readonly DayBucket[], lastDay: EpochDay): EventTimeMs | null =>
  buckets
    .filter((bucket) => bucket.day <= lastDay)
    .reduce<EventTimeMs | null>((latest, bucket) => later(latest, bucket.lastReviewAtMs), null);

const titleAfter = (title: string | null, after: PublishedReview | null): string | null => {
  if (after === null) return title;
  return after.imported ? (after.courseTitle ?? title) : (title ?? after.courseTitle);
};

const withReceipt = <S extends Statistic>(statistic: S, { offset, appendTimeMs }: Receipt): S => ({
  ...statistic,
  version: offset,
  updatedAtMs: appendTimeMs,
});

const later = (a: EventTimeMs | null, b: EventTimeMs): EventTimeMs => (a === null || b > a ? b : a);
