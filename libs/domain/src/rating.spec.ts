import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isHalfStars,
  MAX_HALF_STARS,
  MIN_HALF_STARS,
  parseRating,
  toRating,
  type HalfStars,
} from './rating.js';

describe('a rating', () => {
  it.each([
    [0.5, 1],
    [1, 2],
    [1.5, 3],
    [4.5, 9],
    [5, 10],
  ])('of %d stars is %d half stars, and back', (stars, halfStars) => {
    expect(parseRating(stars)).toBe(halfStars);
    expect(toRating(halfStars as HalfStars)).toBe(stars);
  });

  it.each([0, -0, 0.25, 0.499_999, 5.5, 6, -0.5, -5, 4.3, 1e308, NaN, Infinity, -Infinity])(
    'is never %d stars',
    (stars) => {
      expect(parseRating(stars)).toBeUndefined();
    },
  );

  it('has ten values and no other', () => {
    fc.assert(
      fc.property(fc.double(), (stars) => {
        const halfStars = parseRating(stars);
        if (halfStars !== undefined) expect(toRating(halfStars)).toBe(stars);
      }),
      { numRuns: 1_000, seed: 1 },
    );
    const inSteps = Array.from({ length: 400 }, (_, index) => (index - 100) / 16);
    expect(inSteps.filter((stars) => parseRating(stars) !== undefined)).toEqual([
      0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5,
    ]);
  });

  it('is counted in whole half stars from 1 to 10', () => {
    expect([MIN_HALF_STARS - 1, MAX_HALF_STARS + 1, 1.5, NaN].some(isHalfStars)).toBe(false);
    expect([MIN_HALF_STARS, 5, MAX_HALF_STARS].every(isHalfStars)).toBe(true);
  });
});
