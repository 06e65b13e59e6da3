import type {
  CourseAndProgress,
  StatisticsQueries,
  StoredCourseStatistics,
  StoredProgress,
} from '@reviews/read-model';

/** Statistics that tests put in place. */
export class InMemoryStatistics implements StatisticsQueries {
  readonly courses = new Map<string, StoredCourseStatistics>();
  readonly partitions = new Map<number, StoredProgress>();
  /** What every question is answered with while it is set. */
  failure: Error | undefined;
  /** Called when the progress of a partition was read by itself. */
  onProgress: () => void = () => undefined;
  #isHanging = false;

  /** From then on nothing is answered. */
  hang(): void {
    this.#isHanging = true;
  }

  courseStatistics(courseId: string): Promise<StoredCourseStatistics | null> {
    return this.answer(this.courses.get(courseId));
  }

  async courseAndProgress(courseId: string, partition: number): Promise<CourseAndProgress> {
    return {
      statistics: await this.courseStatistics(courseId),
      progress: await this.answer(this.partitions.get(partition)),
    };
  }

  async progress(partition: number): Promise<StoredProgress | null> {
    const progress = await this.answer(this.partitions.get(partition));
    this.onProgress();
    return progress;
  }

  private answer<T>(value: T | undefined): Promise<T | null> {
    if (this.#isHanging) return new Promise(() => undefined);
    return this.failure === undefined ? Promise.resolve(value ?? null) : Promise.reject(this.failure);
  }
}
