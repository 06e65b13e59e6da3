import { describe, expect, it } from '@jest/globals';
import { runInterleavings } from './interleavings.js';

const SETS = 1_000;

describe('facts in any order that keeps the order of each review', () => {
  it('come to the same statistics, those of a naive recomputation', () => {
    expect(runInterleavings(SETS, 1)).toBe(SETS * 20);
  });
});
