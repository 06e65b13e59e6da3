import type { CourseState } from './course-state.js';
import type { EpochDay } from './day.js';
import type { Receipt } from './receipt.js';
import { nextChangeDay, rollTo } from './roll-to.js';

/** A day that a partition has reached, with the day-started record that said so. */
export interface StartedDay {
  readonly day: EpochDay;
  readonly receipt: Receipt;
}

/**
 * Rolls a course as if {@link rollTo} had been called on each of its days as it was started, so that every change has the
 * receipt of the started day on which it shows. Days that cannot change the course are skipped: it stays on the last one that
 * could. What comes out does not depend on how many days are given at once.
 *
 * @param startedDays ascending; those before the next change of the course may be missing
 */
export const rollThrough = (course: CourseState, startedDays: readonly StartedDay[]): CourseState => {
  const last = startedDays.at(-1);
  if (last === undefined || last.day <= course.day) return course;
  let rolled = course;
  let next = nextChangeDay(rolled);
  for (const { day, receipt } of startedDays) {
    if (next === null) break;
    if (day < next) continue;
    rolled = rollTo(rolled, day, receipt);
    next = nextChangeDay(rolled);
  }
  return rolled;
};
