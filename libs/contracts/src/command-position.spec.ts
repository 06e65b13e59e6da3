import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCommandPosition, parseCommandPosition } from './command-position.js';

describe('a command position', () => {
  it('is written as reviews:<partition>:<offset>', () => {
    expect(formatCommandPosition({ partition: 3, offset: 1_234 })).toBe('reviews:3:1234');
  });

  it('is read back as it was written', () => {
    const positions = fc.record({
      partition: fc.nat(999_999_999),
      offset: fc.maxSafeNat().map((offset) => offset % 1_000_000_000_000_000),
    });
    fc.assert(
      fc.property(positions, (position) => {
        expect(parseCommandPosition(formatCommandPosition(position))).toEqual(position);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it.each([
    '',
    'reviews',
    'reviews:1',
    'reviews:1:',
    'reviews::1',
    'reviews:1:2:3',
    'reviews:-1:2',
    'reviews:1:-2',
    'reviews:1.5:2',
    'reviews:1e3:2',
    'reviews:1:2 ',
    ' reviews:1:2',
    'reviews:1:2\n',
    'Reviews:1:2',
    'reviews-valid:1:2',
    'my-reviews:1:2',
    'reviews:1234567890:2',
    'reviews:1:1234567890123456',
  ])('is never %j', (text) => {
    expect(parseCommandPosition(text)).toBeUndefined();
  });
});
