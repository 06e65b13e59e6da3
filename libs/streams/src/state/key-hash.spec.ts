import { describe, expect, it } from '@jest/globals';
import { murmur3 } from './key-hash.js';

const hashOf = (key: string, start = 0): number => {
  const bytes = Buffer.from(key);
  const words = new Int32Array(start + Math.ceil(bytes.length / 4));
  Buffer.from(words.buffer).set(bytes, start * 4);
  return murmur3(words, start, bytes.length);
};

describe('the hash of a key', () => {
  it('does not depend on where the key lies', () => {
    expect(hashOf('a course', 3)).toBe(hashOf('a course'));
  });

  it('differs for keys that differ only by zeros at their end', () => {
    const hashes = ['', '\0', '\0\0', '\0\0\0\0', 'a', 'a\0'].map((key) => hashOf(key));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('spreads numbered keys over all values of its high bits as evenly as chance would', () => {
    const counts = new Array<number>(256).fill(0);
    for (let n = 0; n < 25_600; n++) {
      const highBits = hashOf(`course-${n}`) >>> 24;
      counts[highBits] = (counts[highBits] ?? 0) + 1;
    }
    // 100 each, give or take five times the deviation of a fair throw.
    expect(Math.min(...counts)).toBeGreaterThan(50);
    expect(Math.max(...counts)).toBeLessThan(150);
  });
});
