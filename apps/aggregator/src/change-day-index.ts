import { nextChangeDay, type CourseState, type EpochDay } from '@reviews/domain';

/**
 * Which courses may change on which day. Derived from the courses, so a sweep knows what is left to do after a
 * restart without having written it down.
 */
export interface ChangeDayIndex {
  /** The course changed: looks up anew when it will next. */
  update(courseId: string, course: CourseState): void;
  /** Up to `limit` courses whose day has come. */
  due(day: EpochDay, limit: number): readonly string[];
}

export const changeDayIndex = (courses: Iterable<[string, CourseState]>): ChangeDayIndex => {
  const dayOfCourse = new Map<string, EpochDay>();
  const coursesOfDay = new Map<EpochDay, Set<string>>();

  const remove = (courseId: string): void => {
    const day = dayOfCourse.get(courseId);
    if (day === undefined) return;
    const sameDay = coursesOfDay.get(day);
    sameDay?.delete(courseId);
    if (sameDay?.size === 0) coursesOfDay.delete(day);
    dayOfCourse.delete(courseId);
  };

  const update = (courseId: string, course: CourseState): void => {
    remove(courseId);
    const day = nextChangeDay(course);
    if (day === null) return;
    dayOfCourse.set(courseId, day);
    const sameDay = coursesOfDay.get(day);
    if (sameDay === undefined) coursesOfDay.set(day, new Set([courseId]));
    else sameDay.add(courseId);
  };

  for (const [courseId, course] of courses) update(courseId, course);

  return {
    update,
    due(day, limit) {
      const due: string[] = [];
      for (const [changeDay, sameDay] of coursesOfDay) {
        if (changeDay > day) continue;
        for (const courseId of sameDay) {
          if (due.length === limit) return due;
          due.push(courseId);
        }
      }
      return due;
    },
  };
};
