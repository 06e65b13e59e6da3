import type { StatisticsQueries, StoredCourseStatistics, StoredProgress } from '@reviews/read-model';

/** Statistics that tests put in place. */
export class InMemoryStatistics implements StatisticsQueries {
  readonly courses = new Map<string, StoredCourseStatistics>();
  readonly partitions = new Map<number, StoredProgress>();
  /** What every question is answered with while it is set. */
  failure: Error | undefined;

  courseStatistics(courseId: string): Promise<StoredCourseStatistics | null> {
    return this.answer(this.courses.get(courseId));
  }

  progress(partition: number): Promise<StoredProgress | null> {
    return this.answer(this.partitions.get(partition));
  }

  private answer<T>(value: T | undefined): Promise<T | null> {
    return this.failure === undefined ? Promise.resolve(value ?? null) : Promise.reject(this.failure);
  }
}
