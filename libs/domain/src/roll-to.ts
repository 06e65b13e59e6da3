import { sameNumbers, type CourseState, type DayBucket, type RecentStatistic } from './course-state.js';
import { laterOf, type EpochDay, type EventTimeMs } from './day.js';
import { combine, retract } from './histogram.js';
import { withReceipt, type Receipt } from './receipt.js';
import { isRecent, windowEndingOn } from './recent-window.js';

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

const lastReviewIn = (buckets: readonly DayBucket[], lastDay: EpochDay): EventTimeMs | null =>
  buckets
    .filter((bucket) => bucket.day <= lastDay)
    .reduce<EventTimeMs | null>((latest, bucket) => laterOf(latest, bucket.lastReviewAtMs), null);
