import { readCourseDays } from '@reviews/contracts';
import { nextChangeDay, type CourseDays, type CourseState, type EpochDay } from '@reviews/domain';
import type { ReadableStore } from '@reviews/streams';

/**
 * On its way over all courses of a partition, to find those that a day changes. It may stop anywhere and go on after other
 * transactions: facts bring the courses they touch to the partition's day, and a course is never due again by a day that it was brought
 * to. So whatever came in between, when the walk is over no course is due by its day.
 */
export interface DayWalk {
  /** The day that the partition had reached when the walk began. */
  readonly day: EpochDay;
  /** A course that was due when it was looked at, or undefined for one that was not. */
  readonly courses: Iterator<string | undefined>;
}

export const walkOn = (day: EpochDay, courses: Pick<ReadableStore<CourseState>, 'search'>): DayWalk => ({
  day,
  courses: courses.search((bytes) => isDueBy(readCourseDays(bytes), day)),
});

/** Whether a day that has come changes a course that was not brought to it yet. */
export const isDueBy = (course: CourseDays, day: EpochDay): boolean => {
  const changeDay = nextChangeDay(course);
  return changeDay !== null && changeDay <= day;
};
