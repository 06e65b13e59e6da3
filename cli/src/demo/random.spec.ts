import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { integerBelow, randomOf } from './random.js';

describe('random numbers', () => {
  it('are the same for the same seed, on every machine', () => {
    const random = randomOf(1);
    expect([random(), random(), random()].map((value) => value.toFixed(6))).toEqual([
      '0.627074',
      '0.002736',
      '0.527447',
    ]);
  });

  it('stay within their bounds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 1_000 }), (seed, end) => {
        const value = integerBelow(randomOf(seed), end);
        expect(Number.isInteger(value) && value >= 0 && value < end).toBe(true);
      }),
    );
  });
});
