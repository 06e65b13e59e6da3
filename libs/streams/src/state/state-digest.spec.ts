import { describe, expect, it } from '@jest/globals';
import { crc32 } from 'node:zlib';
import { entryHashOf, isSameSummary, StateDigest } from './state-digest.js';

const hashOf = (key: string, value: string): number => entryHashOf(Buffer.from(key), crc32(value));
const digestOf = (...entries: readonly (readonly [string, string])[]) => {
  const digest = new StateDigest();
  for (const [key, value] of entries) digest.add(hashOf(key, value));
  return digest.summary();
};

describe('the digest of a state', () => {
  it('does not depend on the order of the entries', () => {
    expect(digestOf(['a', '1'], ['b', '2'])).toEqual(digestOf(['b', '2'], ['a', '1']));
  });

  it('is the same after an entry came and went', () => {
    const digest = new StateDigest();
    digest.add(hashOf('a', '1'));
    const before = digest.summary();
    digest.add(hashOf('b', '2'));
    digest.remove(hashOf('b', '2'));
    expect(digest.summary()).toEqual(before);
  });

  it.each([
    ['lost', [['a', '1']]],
    [
      'stale',
      [
        ['a', '1'],
        ['b', '1'],
      ],
    ],
    [
      'leaked',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
    ],
    [
      'stored under another key',
      [
        ['a', '2'],
        ['b', '1'],
      ],
    ],
  ] as const)('changes when an entry is %s', (_what, entries) => {
    expect(isSameSummary(digestOf(...entries), digestOf(['a', '1'], ['b', '2']))).toBe(false);
  });

  it('tells 100,000 states with one stale entry each apart from the right one', () => {
    const right = Array.from({ length: 50 }, (_, i) => hashOf(`key ${i}`, `value ${i}`));
    const summaryOf = (hashes: readonly number[]) => {
      const digest = new StateDigest();
      for (const hash of hashes) digest.add(hash);
      return digest;
    };
    const expected = summaryOf(right).summary();
    const digest = summaryOf(right);
    let same = 0;
    for (let i = 0; i < 100_000; i++) {
      const stale = hashOf(`key ${i % 50}`, `stale ${i}`);
      const replaced = right[i % 50] ?? 0;
      digest.remove(replaced);
      digest.add(stale);
      if (isSameSummary(digest.summary(), expected)) same += 1;
      digest.remove(stale);
      digest.add(replaced);
    }
    expect(same).toBe(0);
  });
});
