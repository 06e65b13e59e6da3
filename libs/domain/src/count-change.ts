import { NO_VERSION, sameNumbers, type CourseState, type DayBucket, type Statistic } from './course-state.js';
import { dayOf, laterOf } from './day.js';
import { combine, histogramOf, isPossible, retract, type Histogram } from './histogram.js';
import { withReceipt, type Receipt } from './receipt.js';
import { isRecent, windowEndingOn } from './recent-window.js';
import type { CountedReview, PublishedReview, ReviewChange } from './review-fact.js';

/**
 * Counts a change: `after` is added, `before` is subtracted, each in the bucket of its own day.
 * The course must have been rolled to the partition's day before.
 *
 * @returns null when a count would fall below zero, which only a broken log can cause, or grow beyond what can be kept
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

// The first fact of a course brings both its statistics into being, even one that is too old for the window.
const isNews = (before: Statistic, after: Statistic): boolean =>
  before.version === NO_VERSION || !sameNumbers(before, after);

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
      lastReviewAtMs: laterOf(course.allTime.lastReviewAtMs, review.createdAtMs),
    },
    recent: isCountedNow
      ? {
          ...course.recent,
          histogram: combine(course.recent.histogram, one),
          lastReviewAtMs: laterOf(course.recent.lastReviewAtMs, review.createdAtMs),
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
      lastReviewAtMs: laterOf(found.lastReviewAtMs, review.createdAtMs),
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

const titleAfter = (title: string | null, after: PublishedReview | null): string | null => {
  if (after === null) return title;
  return after.imported ? (after.courseTitle ?? title) : (title ?? after.courseTitle);
};
