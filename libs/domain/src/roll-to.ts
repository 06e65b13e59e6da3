import { sameNumbers, type CourseDays, type CourseState, type RecentStatistic } from './course-state.js';
import {
  dayAt,
  droppedBefore,
  histogramAt,
  lastReviewAt,
  placeAfter,
  placeOf,
  type DayBuckets,
} from './day-buckets.js';
import { addDays, laterOf, type EpochDay, type EventTimeMs } from './day.js';
import { combine, retract } from './histogram.js';
import { withReceipt, type Receipt } from './receipt.js';
import { isRecent, WINDOW_DAYS, windowEndingOn } from './recent-window.js';

/**
 * Brings a course to a later day: days that left the window are taken out of `recent`, days that came are put in.
 *
 * @param receipt the day-started record that says so; becomes the version if a number changed
 */
export const rollTo = (course: CourseState, day: EpochDay, receipt: Receipt): CourseState => {
  if (day <= course.day) return course;
  const window = windowEndingOn(day);
  const previous = windowEndingOn(course.day);
  const buckets = droppedBefore(course.buckets, window.firstDay);
  let { histogram } = course.recent;
  for (let at = 0; at < course.buckets.length; at = placeAfter(course.buckets, at)) {
    const bucketDay = dayAt(course.buckets, at);
    const wasIn = isRecent(bucketDay, previous);
    const isIn = isRecent(bucketDay, window);
    if (wasIn && !isIn) histogram = retract(histogram, histogramAt(course.buckets, at));
    if (!wasIn && isIn) histogram = combine(histogram, histogramAt(course.buckets, at));
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
export const nextChangeDay = ({ day, buckets }: CourseDays): EpochDay | null => {
  if (buckets.length === 0) return null;
  const firstDay = dayAt(buckets, 0);
  if (firstDay > day) return firstDay;
  const leaves = addDays(firstDay, WINDOW_DAYS);
  const waiting = placeOf(buckets, addDays(day, 1));
  return waiting === buckets.length ? leaves : (Math.min(leaves, dayAt(buckets, waiting)) as EpochDay);
};

const lastReviewIn = (buckets: DayBuckets, lastDay: EpochDay): EventTimeMs | null => {
  let latest: EventTimeMs | null = null;
  for (let at = 0; at < buckets.length && dayAt(buckets, at) <= lastDay; at = placeAfter(buckets, at))
    latest = laterOf(latest, lastReviewAt(buckets, at));
  return latest;
};
