import type { CourseStatistics } from '@reviews/contracts';
import type { CourseId, EpochDay, EventTimeMs } from '@reviews/domain';
import type { Random } from '../campaign/random.js';

const COURSES = 200;
/** So long that what is read again comes in several batches. */
const TITLE_LENGTH = 200;
const FIRST_DAY = 20_000;

/** What was said of a course last, on each of the two topics. */
export interface CourseTruth {
  allTime?: CourseStatistics;
  recent?: CourseStatistics;
}

/** Statistics of one partition's courses, whose versions grow. Their numbers mean nothing here. */
export class StatisticsTruth {
  readonly courses = new Map<string, CourseTruth>();
  readonly #partition: number;
  readonly #random: Random;
  #version = 0;

  constructor(partition: number, random: Random) {
    this.#partition = partition;
    this.#random = random;
  }

  /** The next statistic of a course drawn at random. */
  next(kind: keyof CourseTruth): CourseStatistics {
    const courseId = `s${this.#partition}-${this.#random.below(COURSES)}` as CourseId;
    this.#version += 1;
    const statistics: CourseStatistics = {
      courseId,
      courseTitle: `Title at ${this.#version}`.padEnd(TITLE_LENGTH, '.'),
      histogram: Array.from({ length: 10 }, () => this.#random.below(50)),
      lastReviewAtMs: (1_700_000_000_000 + this.#version) as EventTimeMs,
      updatedAtMs: 1_700_000_000_500 + this.#version,
      version: this.#version,
      day: kind === 'recent' ? ((FIRST_DAY + (this.#version % 100)) as EpochDay) : null,
    };
    const course = this.courses.get(courseId) ?? {};
    course[kind] = statistics;
    this.courses.set(courseId, course);
    return statistics;
  }
}
