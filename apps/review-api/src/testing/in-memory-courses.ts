import type { EpochDay } from '@reviews/domain';
import type { CoursePageRequest, CourseQueries, Placed, StoredCourseStatistics } from '@reviews/read-model';

/** Courses that tests put in place. Pages are in the order of ids, whatever is asked for. */
export class InMemoryCourses implements CourseQueries {
  readonly stored: StoredCourseStatistics[] = [];
  readonly days = new Map<number, EpochDay>();
  /** What was asked for last. */
  request: CoursePageRequest | undefined;

  page(request: CoursePageRequest): Promise<readonly Placed<StoredCourseStatistics>[]> {
    this.request = request;
    const after = String(request.after?.[0] ?? '');
    return Promise.resolve(
      this.stored
        .filter(({ courseId }) => courseId > after)
        .toSorted((a, b) => (a.courseId < b.courseId ? -1 : 1))
        .map((item) => ({ item, key: [item.courseId] }))
        .slice(0, request.limit),
    );
  }

  partitionDays(): Promise<ReadonlyMap<number, EpochDay>> {
    return Promise.resolve(this.days);
  }
}
