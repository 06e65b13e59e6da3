import { nextChangeDay, type CourseDays, type EpochDay } from '@reviews/domain';

/**
 * Which courses may change on which day. Derived from the courses, so a sweep knows what is left to do after a
 * restart without having written it down. It holds each course id once and nothing else: where a course stands follows from
 * its state.
 */
export interface ChangeDayIndex {
  /** @param from what the index was told last; null for a new course, or one that never changed by itself */
  move(courseId: string, from: EpochDay | null, to: EpochDay | null): void;
  /** Up to `limit` courses whose day has come, the earliest days first. */
  due(day: EpochDay, limit: number): readonly string[];
  /** The first day on which any course may change; null: none ever will by itself. */
  firstDay(): EpochDay | null;
}

export const changeDayIndex = (courses: Iterable<[string, CourseDays]>): ChangeDayIndex => {
  const coursesOfDay = new Map<EpochDay, Set<string>>();

  const remove = (courseId: string, day: EpochDay): void => {
    const sameDay = coursesOfDay.get(day);
    sameDay?.delete(courseId);
    if (sameDay?.size === 0) coursesOfDay.delete(day);
  };

  const add = (courseId: string, day: EpochDay): void => {
    const sameDay = coursesOfDay.get(day);
    if (sameDay === undefined) coursesOfDay.set(day, new Set([courseId]));
    else sameDay.add(courseId);
  };

  const move = (courseId: string, from: EpochDay | null, to: EpochDay | null): void => {
    if (from === to) return;
    if (from !== null) remove(courseId, from);
    if (to !== null) add(courseId, to);
  };

  for (const [courseId, course] of courses) move(courseId, null, nextChangeDay(course));

  return {
    move,
    due(day, limit) {
      const due: string[] = [];
      const daysCome = [...coursesOfDay].filter(([changeDay]) => changeDay <= day);
      for (const [, sameDay] of daysCome.sort(([a], [b]) => a - b))
        for (const courseId of sameDay) {
          if (due.length === limit) return due;
          due.push(courseId);
        }
      return due;
    },
    firstDay() {
      let first: EpochDay | null = null;
      for (const day of coursesOfDay.keys()) if (first === null || day < first) first = day;
      return first;
    },
  };
};
