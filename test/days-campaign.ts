import { isDeepStrictEqual } from 'node:util';
import {
  aggregatorUnderTest,
  histogramOf,
  type AggregatorUnderTest,
  type Published,
} from '../apps/aggregator/src/testing/aggregator-under-test.js';
import { isSweepPending, partitionStateOf } from '../apps/aggregator/src/partition-state.js';
import { changed, dayStarted, reviewOf } from '../apps/aggregator/src/testing/facts.js';

const ROLLS = 90;
const FIRST_DAY = 20_000;
const WINDOW_DAYS = 90;
const REVIEWS_PER_COURSE = 2;
/** Courses looked at in one step; as many as the aggregator's service looks at in some. */
const SWEEP_STEP = 1_000;
const FACTS_PER_TRANSACTION = 20_000;

/** What came of the rolls. */
export interface Rolled {
  /** Courses an oracle expects to be published, and those that were, day by day. */
  readonly expected: readonly number[];
  readonly published: readonly number[];
  /** The first statistics that are not what the oracle says. */
  readonly wrong: readonly string[];
  readonly longestStepMs: number;
  readonly sweepMs: number;
}

/** Counts reviews of many courses on one day, then lets 90 days go by without another. */
export const rollCourses = (courses: number): Rolled => {
  const reviews = drawReviews(courses);
  const aggregator = aggregatorUnderTest(SWEEP_STEP);
  countAll(aggregator, reviews);
  const expected: number[] = [];
  const published: number[] = [];
  const wrong: string[] = [];
  let longestStepMs = 0;
  let sweepMs = 0;
  for (let day = FIRST_DAY + 1; day <= FIRST_DAY + ROLLS; day++) {
    aggregator.forget();
    aggregator.pipe(dayStarted(day));
    while (isSweepPending(partitionStateOf(aggregator.driver.partitionState))) {
      const startedMs = performance.now();
      aggregator.step();
      const tookMs = performance.now() - startedMs;
      longestStepMs = Math.max(longestStepMs, tookMs);
      sweepMs += tookMs;
    }
    published.push(aggregator.published.length);
    expected.push(checkDay(reviews, day, aggregator.published, wrong));
  }
  return { expected, published, wrong, longestStepMs, sweepMs };
};

/** In a line. */
export const toldOf = (courses: number, rolled: Rolled): string => {
  const { published, sweepMs, longestStepMs } = rolled;
  const total = published.reduce((sum, count) => sum + count, 0);
  return (
    `${courses} courses, ${ROLLS} rolls: ${total} published in ${(sweepMs / 1_000).toFixed(1)} s, ` +
    `longest step of ${SWEEP_STEP} ${longestStepMs.toFixed(0)} ms\n`
  );
};

/** Reviews of all courses, `REVIEWS_PER_COURSE` places each. */
interface Reviews {
  readonly courses: number;
  /** 1 to 10; 0 where there is no review. */
  readonly halfStars: Uint8Array;
  readonly day: Int32Array;
  readonly isWithdrawn: Uint8Array;
}

const drawReviews = (courses: number): Reviews => {
  const places = courses * REVIEWS_PER_COURSE;
  const reviews = {
    courses,
    halfStars: new Uint8Array(places),
    day: new Int32Array(places),
    isWithdrawn: new Uint8Array(places),
  };
  let seed = 1;
  // Lehmer's generator: small, and the same reviews every time.
  const draw = (limit: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % limit;
  };
  for (let place = 0; place < places; place++) {
    if (place % REVIEWS_PER_COURSE > 0 && draw(2) > 0) continue;
    reviews.halfStars[place] = 1 + draw(10);
    // From before the window to two days ahead.
    reviews.day[place] = FIRST_DAY + 2 - draw(WINDOW_DAYS + 5);
    reviews.isWithdrawn[place] = draw(8) === 0 ? 1 : 0;
  }
  return reviews;
};

const placesOf = (course: number): readonly number[] => [
  course * REVIEWS_PER_COURSE,
  course * REVIEWS_PER_COURSE + 1,
];

const countAll = (aggregator: AggregatorUnderTest, reviews: Reviews): void => {
  let facts = [dayStarted(FIRST_DAY)];
  for (let course = 0; course < reviews.courses; course++) {
    for (const place of placesOf(course)) {
      const halfStars = reviews.halfStars[place] ?? 0;
      if (halfStars === 0) continue;
      const review = reviewOf(halfStars / 2, reviews.day[place] ?? 0);
      facts.push(changed(nameOf(course), null, review));
      if (reviews.isWithdrawn[place] === 1) facts.push(changed(nameOf(course), review, null));
    }
    if (facts.length < FACTS_PER_TRANSACTION && course < reviews.courses - 1) continue;
    aggregator.pipe(...facts);
    aggregator.forget();
    facts = [];
  }
  aggregator.sweep();
};

/**
 * The rule, from nothing but the reviews: a course is published on a day when the numbers of its window, [day - 89, day], or the
 * last review in it are not what they were the day before. Returns how many are.
 */
const checkDay = (
  reviews: Reviews,
  day: number,
  published: readonly Published[],
  wrong: string[],
): number => {
  const found = new Map(published.map((statistic) => [statistic.statistics.courseId, statistic]));
  let expected = 0;
  for (let course = 0; course < reviews.courses; course++) {
    if (isSameWindow(reviews, course, day)) continue;
    expected += 1;
    const statistic = found.get(nameOf(course));
    const histogram = windowOf(reviews, course, day).histogram;
    if (statistic?.topic !== 'recent' || !isDeepStrictEqual(histogramOf(statistic.statistics), histogram))
      if (wrong.length < 10) wrong.push(`${nameOf(course)} on day ${day}`);
  }
  return expected;
};

// Most courses of most days: nothing of theirs is near an edge of the window, so there is nothing to compute.
const isSameWindow = (reviews: Reviews, course: number, day: number): boolean => {
  if (placesOf(course).every((place) => !isAtAnEdge(reviews.day[place] ?? 0, day))) return true;
  return isDeepStrictEqual(windowOf(reviews, course, day - 1), windowOf(reviews, course, day));
};

const isAtAnEdge = (reviewDay: number, day: number): boolean =>
  reviewDay === day || reviewDay === day - WINDOW_DAYS;

/** Of the days of a window: how many live reviews have each rating, and the day of the last review ever counted. */
const windowOf = (
  reviews: Reviews,
  course: number,
  day: number,
): { readonly histogram: readonly number[]; readonly lastDay: number } => {
  const histogram = new Array<number>(10).fill(0);
  let lastDay = -1;
  for (const place of placesOf(course)) {
    const halfStars = reviews.halfStars[place] ?? 0;
    const reviewDay = reviews.day[place] ?? 0;
    if (halfStars === 0 || reviewDay <= day - WINDOW_DAYS || reviewDay > day) continue;
    if (reviews.isWithdrawn[place] === 0) histogram[halfStars - 1] = (histogram[halfStars - 1] ?? 0) + 1;
    lastDay = Math.max(lastDay, reviewDay);
  }
  return { histogram, lastDay };
};

const nameOf = (course: number): string => `course-${course}`;
