import type { CountedReviewRecord, PublishedReviewRecord } from '@reviews/contracts';
import { CourseRecount, hasLeftWindow, type RecordReceipt } from './course-recount.js';

/** Every course of a partition, counted from its facts alone. */
export class PartitionRecount {
  readonly courses = new Map<string, CourseRecount>();
  /** The day reached; null before the first. */
  day: number | null = null;
  /** The record that said so. */
  dayOffset = -1;
  /** Courses by the days they have reviews on, as long as that day matters to a window. */
  readonly #byDay = new Map<number, CourseRecount[]>();

  /** @throws RangeError before the first day */
  change(
    courseId: string,
    before: CountedReviewRecord | null,
    after: PublishedReviewRecord | null,
    receipt: RecordReceipt,
  ): void {
    if (this.day === null) throw new RangeError('A review changed before any day started');
    let course = this.courses.get(courseId);
    if (course === undefined) this.courses.set(courseId, (course = new CourseRecount()));
    const newDay = course.change(before, after, this.day, receipt);
    if (newDay === undefined) return;
    const listed = this.#byDay.get(newDay);
    if (listed === undefined) this.#byDay.set(newDay, [course]);
    else listed.push(course);
  }

  /** @returns the courses whose window may have changed */
  startDay(day: number, receipt: RecordReceipt): ReadonlySet<CourseRecount> {
    const due = new Set<CourseRecount>();
    const from = this.day;
    this.day = day;
    this.dayOffset = receipt.offset;
    if (from === null) return due;
    for (const [ofDay, courses] of this.#byDay) {
      const leaves = hasLeftWindow(ofDay, day);
      if (leaves) this.#byDay.delete(ofDay);
      if (leaves || (from < ofDay && ofDay <= day)) for (const course of courses) due.add(course);
    }
    for (const course of due) course.roll(from, day, receipt);
    return due;
  }
}
