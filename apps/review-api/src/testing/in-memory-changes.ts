import { emptyHistogram, type EpochDay, type EventTimeMs } from '@reviews/domain';
import {
  hasSeen,
  type ChangedCourse,
  type ChangePage,
  type ChangeQuery,
  type FeedPosition,
  type StatisticsChanges,
} from '@reviews/read-model';

const NOON_MS = Date.UTC(2026, 1, 28, 12);
const FIRST_TRANSACTION = 100n;

/** A table of courses in memory that knows which transaction changed each of them. */
export class InMemoryChanges implements StatisticsChanges {
  generation = '1';
  /** What every question is answered with while it is set. */
  failure: Error | undefined;
  queries = 0;
  #nextTransaction = FIRST_TRANSACTION;
  readonly #open = new Set<bigint>();
  readonly #courses = new Map<string, ChangedCourse>();

  /** Begins a transaction; what it stores shows when it commits. */
  begin(): { commit(courseId: string, version: number): void } {
    const transaction = this.#nextTransaction++;
    this.#open.add(transaction);
    return {
      commit: (courseId, version) => {
        this.#open.delete(transaction);
        this.#courses.set(courseId, courseAt(courseId, version, transaction));
      },
    };
  }

  store(courseId: string, version: number): void {
    this.begin().commit(courseId, version);
  }

  /** As a backup does: what came later never was. */
  goBack(): void {
    this.#nextTransaction = FIRST_TRANSACTION;
  }

  now(): Promise<ChangePage> {
    return this.#page([], 1);
  }

  changedSince({ since, afterCourse, courses, limit }: ChangeQuery): Promise<ChangePage> {
    return this.#page(
      this.#sorted().filter(
        ({ courseId, changedIn }) =>
          courseId > afterCourse &&
          (courses?.includes(courseId) ?? true) &&
          !hasSeen(since, changedIn) &&
          changedIn < this.#nextTransaction,
      ),
      limit,
    );
  }

  ofCourses(courseIds: readonly string[]): Promise<ChangePage> {
    return this.#page(
      this.#sorted().filter(({ courseId }) => courseIds.includes(courseId)),
      courseIds.length + 1,
    );
  }

  #page(courses: readonly ChangedCourse[], limit: number): Promise<ChangePage> {
    this.queries += 1;
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const days = new Map([0, 1, 2, 3].map((partition) => [partition, 20_512 as EpochDay]));
    return Promise.resolve({
      position: this.#position(),
      days,
      courses: courses.slice(0, limit),
      isLast: courses.length < limit,
    });
  }

  #sorted(): readonly ChangedCourse[] {
    return [...this.#courses.values()].sort((a, b) => (a.courseId < b.courseId ? -1 : 1));
  }

  #position(): FeedPosition {
    const inProgress = [...this.#open];
    const xmax = this.#nextTransaction;
    return { generation: this.generation, xmin: inProgress[0] ?? xmax, xmax, inProgress };
  }
}

const courseAt = (courseId: string, version: number, changedIn: bigint): ChangedCourse => {
  const statistic = {
    histogram: emptyHistogram.with(9, version),
    lastReviewAtMs: NOON_MS as EventTimeMs,
    version,
    updatedAtMs: NOON_MS,
  };
  return {
    courseId,
    courseTitle: null,
    allTime: statistic,
    recent: { ...statistic, day: 20_512 as EpochDay },
    changedIn,
  };
};
