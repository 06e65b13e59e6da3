import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  averageRating,
  combine,
  emptyHistogram,
  equalHistograms,
  histogramOf,
  isEmpty,
  isPossible,
  retract,
  reviewCount,
  sumHalfStars,
  type Histogram,
} from './histogram.js';
import type { HalfStars } from './rating.js';

const histograms: fc.Arbitrary<Histogram> = fc.array(fc.nat(1_000_000_000), { minLength: 10, maxLength: 10 });
const ratings = fc.integer({ min: 1, max: 10 }) as fc.Arbitrary<HalfStars>;
const CAMPAIGN = { numRuns: 100, seed: 1 };

const holds = (law: (a: Histogram, b: Histogram, c: Histogram) => void): void => {
  fc.assert(fc.property(histograms, histograms, histograms, law), CAMPAIGN);
};

describe('histograms are a commutative group', () => {
  it('in any order', () => {
    holds((a, b) => {
      expect(combine(a, b)).toEqual(combine(b, a));
    });
  });

  it('in any grouping', () => {
    holds((a, b, c) => {
      expect(combine(combine(a, b), c)).toEqual(combine(a, combine(b, c)));
    });
  });

  it('with the empty one changing nothing', () => {
    holds((a) => {
      expect(combine(a, emptyHistogram)).toEqual(a);
    });
  });

  it('where taking away undoes adding', () => {
    holds((a, b) => {
      expect(retract(combine(a, b), b)).toEqual(a);
      expect(isEmpty(retract(a, a))).toBe(true);
    });
  });
});

describe('a histogram', () => {
  it('counts and sums what was put in, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(ratings), (reviews) => {
        const histogram = reviews.map(histogramOf).reduce(combine, emptyHistogram);
        expect(reviewCount(histogram)).toBe(reviews.length);
        expect(sumHalfStars(histogram)).toBe(reviews.reduce<number>((sum, halfStars) => sum + halfStars, 0));
      }),
      CAMPAIGN,
    );
  });

  it('counts a review of half a star in its first place and one of five stars in its last', () => {
    expect(histogramOf(1 as HalfStars)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(histogramOf(10 as HalfStars)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('divides where it is read: three stars and three and a half are 3.25 on average', () => {
    expect(averageRating([0, 0, 0, 0, 0, 1, 1, 0, 0, 0])).toBe(3.25);
  });

  it('has no average without reviews', () => {
    expect(averageRating(emptyHistogram)).toBeNull();
  });

  it('is impossible as soon as one rating was taken away more often than it was given', () => {
    expect(isPossible(emptyHistogram)).toBe(true);
    expect(isPossible([5, 0, 0, 0, 0, 0, 0, 0, 0, -1])).toBe(false);
  });

  it('is empty only when every rating is, not when they cancel out', () => {
    expect(isEmpty(emptyHistogram)).toBe(true);
    expect(isEmpty([1, -1, 0, 0, 0, 0, 0, 0, 0, 0])).toBe(false);
  });

  it('equals another one rating by rating', () => {
    holds((a, b) => {
      expect(equalHistograms(a, [...a])).toBe(true);
      expect(equalHistograms(a, combine(a, b))).toBe(isEmpty(b));
    });
    expect(equalHistograms(histogramOf(9 as HalfStars), histogramOf(10 as HalfStars))).toBe(false);
  });

  it('cannot be changed through the shared empty one', () => {
    expect(Object.isFrozen(emptyHistogram)).toBe(true);
  });
});
