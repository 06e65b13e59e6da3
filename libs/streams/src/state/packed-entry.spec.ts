import { describe, expect, it } from '@jest/globals';
import { murmur3 } from './key-hash.js';
import {
  checksumAt,
  entryWords,
  hashAt,
  hasKeyAt,
  isGarbage,
  keyAt,
  makeGarbage,
  sizeAt,
  valueAt,
  writeEntry,
} from './packed-entry.js';
import { PackedKey } from './packed-key.js';
import { allocateWords } from './packed-words.js';

const packedKey = (key: string): PackedKey => {
  const packed = new PackedKey(murmur3);
  packed.write(key);
  return packed;
};

describe('an entry in a slab', () => {
  it('reads back as it was written, beside its neighbour', () => {
    const slab = allocateWords(64);
    const first = packedKey('course/日');
    const second = packedKey('');
    writeEntry(slab, 0, first, Buffer.from('abcde'), 2 ** 32 - 1);
    const next = sizeAt(slab.words, 0);
    writeEntry(slab, next, second, Buffer.from(''), 0);

    expect(next).toBe(entryWords(first.byteLength, 5));
    expect([keyAt(slab, 0), valueAt(slab, 0).toString()]).toEqual(['course/日', 'abcde']);
    expect([checksumAt(slab.words, 0), hashAt(slab.words, 0, murmur3)]).toEqual([2 ** 32 - 1, first.hash]);
    expect([keyAt(slab, next), valueAt(slab, next).length]).toEqual(['', 0]);
  });

  it('has no other key, even one that differs only by zeros at its end', () => {
    const slab = allocateWords(64);
    const keys = ['', '\0', '\0\0', '\0\0\0\0', '\0\0\0\0\0'].map(packedKey);
    for (const key of keys) {
      writeEntry(slab, 0, key, Buffer.from('v'), 0);
      expect(keys.filter((other) => hasKeyAt(slab.words, 0, other))).toEqual([key]);
    }
  });

  it.each(['', 'k'])('keeps its size and loses its key "%s" when it becomes garbage', (key) => {
    const slab = allocateWords(64);
    writeEntry(slab, 0, packedKey(key), Buffer.alloc(10), 0);
    const size = sizeAt(slab.words, 0);
    expect(isGarbage(slab.words, 0)).toBe(false);
    makeGarbage(slab.words, 0);
    expect(isGarbage(slab.words, 0)).toBe(true);
    expect(hasKeyAt(slab.words, 0, packedKey(key))).toBe(false);
    expect(sizeAt(slab.words, 0)).toBe(size);
  });
});
