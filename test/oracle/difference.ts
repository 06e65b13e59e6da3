import type { CourseState, LedgerEntry, RecentStatistic, ReviewHeld, Statistic } from '@reviews/domain';
import type { NaiveFact, NaiveHold, NaivePartition } from './naive-partition.js';
import type { NaiveCounted, NaiveStatistic, NaiveStatistics } from './naive-statistics.js';
import type { NaiveReview } from './naive-story.js';
import type { Address } from './operations.js';
import type { OffsetFact, ProductPartition } from './product-partition.js';

/** How far facts and holds have been compared. */
export interface Compared {
  facts: number;
  holds: number;
}

/**
 * The first record that the product made otherwise than the oracle says, in words; null when there is none.
 *
 * @param compared how far they have been compared before; is moved on
 */
export function differentRecord(
  oracle: NaivePartition,
  product: ProductPartition,
  compared: Compared,
): string | null {
  for (; compared.facts < Math.max(oracle.facts.length, product.facts.length); compared.facts++) {
    const [expected, actual] = [oracle.facts[compared.facts], product.facts[compared.facts]];
    if (!sameFact(expected, actual)) return told('fact', expected, actual);
  }
  for (; compared.holds < Math.max(oracle.holds.length, product.holds.length); compared.holds++) {
    const [expected, actual] = [oracle.holds[compared.holds], product.holds[compared.holds]];
    if (!sameChange(expected, actual)) return told('hold', expected, actual);
  }
  return null;
}

/** The first of these reviews that is live otherwise than the oracle says, in words; null when there is none. */
export function differentReview(
  oracle: NaivePartition,
  product: ProductPartition,
  reviews: readonly Address[],
): string | null {
  for (const { courseId, userId } of reviews) {
    const [expected, actual] = [oracle.story(courseId, userId).live, product.entry(courseId, userId)];
    if (!sameLive(expected, actual)) return told(`review ${courseId}/${userId}`, expected, actual);
  }
  return null;
}

/** The first of these courses whose statistics differ, in words; null when there is none. */
export function differentStatistics(
  oracle: NaivePartition,
  product: ProductPartition,
  courseIds: readonly string[],
): string | null {
  for (const courseId of courseIds) {
    const [expected, actual] = [oracle.statistics(courseId), product.course(courseId)];
    if (!sameStatistics(expected, actual)) return told(`statistics of ${courseId}`, expected, actual);
  }
  return null;
}

const told = (what: string, expected: unknown, actual: unknown): string =>
  `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;

function sameFact(expected: NaiveFact | undefined, actual: OffsetFact | undefined): boolean {
  if (expected === undefined || actual === undefined) return expected === actual;
  if (expected.offset !== actual.offset || expected.appendTimeMs !== actual.appendTimeMs) return false;
  return expected.kind === 'day-started'
    ? actual.kind === 'day-started' && expected.day === actual.day
    : sameChange(expected, actual);
}

type Change = Pick<ReviewHeld, 'courseId' | 'userId' | 'before' | 'after'>;

function sameChange(expected: NaiveHold | undefined, actual: OffsetFact | Change | undefined): boolean {
  if (expected === undefined || actual === undefined || !('after' in actual)) return expected === actual;
  return (
    expected.courseId === actual.courseId &&
    expected.userId === actual.userId &&
    sameCounted(expected.before, actual.before) &&
    samePublished(expected.after, actual.after, actual)
  );
}

/** A review held after the fact comes without its text and says where it is. */
function samePublished(expected: NaiveReview | null, actual: Change['after'], record: object): boolean {
  if (expected === null || actual === null) return expected === actual;
  const isTextElsewhere = 'textOffset' in record && record.textOffset !== null;
  return (
    sameCounted(expected, actual) &&
    expected.imported === actual.imported &&
    actual.courseTitle === (isTextElsewhere ? null : expected.courseTitle) &&
    actual.title === (isTextElsewhere ? null : expected.title) &&
    actual.content === (isTextElsewhere ? null : expected.content)
  );
}

type Counted = NaiveCounted & Pick<NaiveReview, 'modifiedAtMs'>;

const sameCounted = (expected: Counted | null, actual: Counted | null): boolean =>
  expected?.halfStars === actual?.halfStars &&
  expected?.createdAtMs === actual?.createdAtMs &&
  expected?.modifiedAtMs === actual?.modifiedAtMs;

const sameLive = (expected: NaiveReview | null, actual: LedgerEntry | null): boolean =>
  sameCounted(expected, actual?.live ?? null) &&
  expected?.held === (actual?.live ? actual.live.verdict.kind === 'held' : undefined);

function sameStatistics(expected: NaiveStatistics | null, actual: CourseState | null): boolean {
  if (expected === null || actual === null) return expected === actual;
  return (
    expected.courseTitle === actual.courseTitle &&
    sameStatistic(expected.allTime, actual.allTime) &&
    sameStatistic(expected.recent, actual.recent) &&
    expected.recent.day === actual.recent.day
  );
}

const sameStatistic = (expected: NaiveStatistic, actual: Statistic | RecentStatistic): boolean =>
  expected.lastReviewAtMs === actual.lastReviewAtMs &&
  expected.version === actual.version &&
  expected.updatedAtMs === actual.updatedAtMs &&
  expected.histogram.length === actual.histogram.length &&
  expected.histogram.every((count, index) => count === actual.histogram[index]);
