import { describe, expect, it } from '@jest/globals';
import { isLaterCause, NO_CAUSE } from './review-fact.js';

describe('causes strictly increase', () => {
  it('by offset, then by ordinal', () => {
    const ascending = [
      NO_CAUSE,
      { offset: -1, ordinal: 0 },
      { offset: 0, ordinal: 0 },
      { offset: 0, ordinal: 1 },
      { offset: 7, ordinal: 0 },
    ];
    ascending.forEach((next, index) => {
      ascending.forEach((previous, other) => {
        expect(isLaterCause(next, previous)).toBe(index > other);
      });
    });
  });
});
