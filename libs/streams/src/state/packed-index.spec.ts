import { describe, expect, it } from '@jest/globals';
import { PackedIndex } from './packed-index.js';
import { NONE } from './packed-ref.js';

/** A hash whose high bits spread well (Knuth's multiplicative one). */
const hashOf = (n: number): number => Math.imul(n, 0x9e3779b1);

const add = (index: PackedIndex, hash: number, ref: number): void => {
  index.makeRoom();
  index.insert(hash, ref);
};
const slotOf = (index: PackedIndex, hash: number, ref: number): number => {
  let slot = index.find(hash);
  while (index.refAt(slot) !== ref && index.refAt(slot) !== NONE) slot = index.findNext(hash, slot);
  return slot;
};
const refsWith = (index: PackedIndex, hash: number): number[] => {
  const refs: number[] = [];
  for (let slot = index.find(hash); index.refAt(slot) !== NONE; slot = index.findNext(hash, slot))
    refs.push(index.refAt(slot));
  return refs;
};
const filledIndex = (keys: number): PackedIndex => {
  const index = new PackedIndex();
  for (let n = 1; n <= keys; n++) add(index, hashOf(n), n);
  return index;
};
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

describe('the index of a packed map', () => {
  it('finds all references with a hash and none of its neighbours, around the end of the table too', () => {
    const index = new PackedIndex();
    for (let ref = 1; ref <= 8; ref++) add(index, ref % 2 === 0 ? -1 : -2, ref);
    expect(refsWith(index, -1)).toEqual([2, 4, 6, 8]);
    expect(refsWith(index, -2)).toEqual([1, 3, 5, 7]);
    expect(refsWith(index, -3)).toEqual([]);
  });

  it.each(upTo(8))('still finds the others when number %s of those around the end is removed', (removed) => {
    const index = new PackedIndex();
    const hashes = [-1, 0, -1, 1 << 28, -2, 0, -1, 1 << 28];
    hashes.forEach((hash, n) => {
      add(index, hash, n + 1);
    });
    index.remove(slotOf(index, hashes[removed - 1] ?? 0, removed));
    const found = upTo(8).filter((ref) => refsWith(index, hashes[ref - 1] ?? 0).includes(ref));
    expect(found).toEqual(upTo(8).filter((ref) => ref !== removed));
  });

  it('finds an entry where it was moved to', () => {
    const index = filledIndex(100);
    index.replace(slotOf(index, hashOf(7), 7), 700);
    expect(refsWith(index, hashOf(7))).toEqual([700]);
  });

  it('finds everything while it grows and shrinks, and ends as small as it began', () => {
    const index = filledIndex(5000);
    expect(upTo(5000).filter((n) => refsWith(index, hashOf(n))[0] === n)).toEqual(upTo(5000));
    expect(index.words).toBe(2 * 8192);

    for (let n = 5000; n > 100; n--) index.remove(slotOf(index, hashOf(n), n));
    expect(upTo(5000).filter((n) => refsWith(index, hashOf(n))[0] === n)).toEqual(upTo(100));
    for (let n = 100; n > 0; n--) index.remove(slotOf(index, hashOf(n), n));
    expect([index.size, index.words]).toEqual([0, new PackedIndex().words]);
  });
});

describe('a walk over the index', () => {
  it.each([1, 11, 5000])('gives each of %s references once', (keys) => {
    const walked = [...filledIndex(keys).batches()].flat();
    expect(walked.sort((a, b) => a - b)).toEqual(upTo(keys));
  });

  it('gives what stays exactly once while the index grows', () => {
    const index = filledIndex(500);
    const seen: number[] = [];
    let next = 500;
    for (const refs of index.batches()) {
      seen.push(...refs);
      for (let n = 0; n < 100 && next < 5000; n++) add(index, hashOf(++next), next);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(upTo(500).filter((ref) => !seen.includes(ref))).toEqual([]);
  });

  it('gives what stays exactly once while the index shrinks', () => {
    const index = filledIndex(5000);
    const seen: number[] = [];
    let last = 5000;
    for (const refs of index.batches()) {
      seen.push(...refs);
      for (let n = 0; n < 20 && last > 100; n++) index.remove(slotOf(index, hashOf(last), last--));
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(upTo(100).filter((ref) => !seen.includes(ref))).toEqual([]);
  });
});
