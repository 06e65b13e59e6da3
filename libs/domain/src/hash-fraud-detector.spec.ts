import { describe, expect, it } from '@jest/globals';
import type { EventTimeMs } from './day.js';
import type { CourseMemory, ReviewFeatures } from './fraud-detector.js';
import { hashFraudDetector } from './hash-fraud-detector.js';
import type { CourseId, ReviewId, UserId } from './identifiers.js';
import type { HalfStars } from './rating.js';
import type { Verdict } from './verdict.js';

const review = (reviewId: string, change: Partial<ReviewFeatures> = {}): ReviewFeatures => ({
  reviewId: reviewId as ReviewId,
  courseId: 'course' as CourseId,
  userId: 'user' as UserId,
  halfStars: 9 as HalfStars,
  title: null,
  content: null,
  writtenAtMs: 0 as EventTimeMs,
  imported: false,
  replaces: null,
  ...change,
});

const untouchable: CourseMemory = {
  get: () => fail(),
  put: () => fail(),
  delete: () => fail(),
};
const fail = (): never => {
  throw new Error('the hash detector remembers nothing');
};
const verdictOf = (fraudPercent: number, features: ReviewFeatures): Verdict =>
  hashFraudDetector(fraudPercent).assess(features, untouchable).verdict;

const REVIEWS = 10_000;
const heldOf = (fraudPercent: number): readonly string[] => {
  const ids = Array.from({ length: REVIEWS }, (_, index) => `review-${index}`);
  return ids.filter((id) => verdictOf(fraudPercent, review(id)).kind === 'held');
};

describe('the hash detector', () => {
  it('holds none at 0 percent and all at 100', () => {
    expect(heldOf(0)).toHaveLength(0);
    expect(heldOf(100)).toHaveLength(REVIEWS);
  });

  it.each([1, 5, 50, 99])('holds about %d percent of many reviews', (percent) => {
    // Six standard deviations of a fair draw: 131 reviews of 10,000 at 5 percent.
    const tolerance = 6 * Math.sqrt(REVIEWS * (percent / 100) * (1 - percent / 100));
    expect(Math.abs(heldOf(percent).length - (REVIEWS * percent) / 100)).toBeLessThan(tolerance);
  });

  it('goes on holding what it held when the share grows', () => {
    const more = new Set(heldOf(10));
    expect(heldOf(5).filter((id) => !more.has(id))).toEqual([]);
  });

  it('decides by the review id alone, so that no edit changes a verdict', () => {
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const edited = review(id, {
        courseId: 'other' as CourseId,
        userId: 'other' as UserId,
        halfStars: 1 as HalfStars,
        title: 'Other',
        content: 'Other',
      });
      expect(verdictOf(50, edited)).toEqual(verdictOf(50, review(id)));
    }
  });

  // toPositive(murmur2(id)) mod 100, of the hashes in murmur2.spec.ts.
  it.each([
    ['5b0c6c1e-4a55-5d0f-9d0e-6a3c1f2b7e90', 36],
    ['foobar', 66],
  ])('puts %j into the same bucket for ever', (id, bucket) => {
    expect(verdictOf(bucket, review(id)).kind).toBe('valid');
    expect(verdictOf(bucket + 1, review(id)).kind).toBe('held');
  });

  it('says who decided, how sure it is, and why it holds', () => {
    const assessment = { detectorName: 'hash', detectorVersion: '1' };
    expect(verdictOf(0, review('a'))).toEqual({ kind: 'valid', score: 0, ...assessment });
    expect(verdictOf(100, review('a'))).toEqual({
      kind: 'held',
      score: 100,
      reasons: ['hash-share'],
      ...assessment,
    });
  });
});
