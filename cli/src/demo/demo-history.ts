import type { DemoCourse } from './demo-course.js';
import { demoReview, type DemoReview } from './demo-review.js';
import { integerBelow, type Random } from './random.js';

const DAY_MS = 86_400_000;
/** Longer than the recent window, so that all-time and recent numbers differ. */
const HISTORY_DAYS = 120;
const REVIEWS_PER_COURSE = 20;

/** A review written in the past. */
export interface DemoHistoryRow extends DemoReview {
  readonly createdAt: string;
}

/**
 * Reviews of the last 120 days, in the order they were written. They end at the last midnight, so that the same seed
 * gives the same rows all day and importing them twice changes nothing.
 */
export const demoHistory = (
  random: Random,
  courses: readonly [DemoCourse, ...DemoCourse[]],
  nowMs: number,
): readonly DemoHistoryRow[] => {
  const endMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const writtenAt = Array.from(
    { length: courses.length * REVIEWS_PER_COURSE },
    () => endMs - integerBelow(random, HISTORY_DAYS * DAY_MS) - 1,
  ).sort((a, b) => a - b);
  return writtenAt.map((timeMs) => ({
    ...demoReview(random, courses),
    createdAt: new Date(timeMs).toISOString(),
  }));
};
