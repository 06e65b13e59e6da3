import { describe, expect, it } from '@jest/globals';
import { murmur3 } from './key-hash.js';
import { entryWords, writeEntry } from './packed-entry.js';
import { PackedKey } from './packed-key.js';
import { NONE, slabNumberOf, wordOf } from './packed-ref.js';
import { PackedSlabs } from './packed-slabs.js';

const SLAB_BYTES = 4096;
const SLAB_WORDS = SLAB_BYTES / 4;
/** Eight of these fill a slab. */
const ENTRY_WORDS = SLAB_WORDS / 8;
const KEY = new PackedKey(murmur3);
const HEADER_WORDS = entryWords(0, 0);

const add = (slabs: PackedSlabs, sizeWords = ENTRY_WORDS): number => {
  const ref = slabs.allot(sizeWords);
  writeEntry(slabs.slabOf(ref), wordOf(ref), KEY, Buffer.alloc((sizeWords - HEADER_WORDS) * 4), 0);
  return ref;
};
const addMany = (slabs: PackedSlabs, count: number): number[] =>
  Array.from({ length: count }, () => add(slabs));

describe('the slabs of a packed map', () => {
  it('hold 1023 times a slab full, each entry in a place of its own', () => {
    const slabs = new PackedSlabs({ slabBytes: SLAB_BYTES });
    const refs = addMany(slabs, 1022 * 8);
    expect(() => add(slabs)).toThrow(expect.objectContaining({ code: 'FATAL' }));
    for (let n = 0; n < 8; n++) refs.push(slabs.allotForMove(ENTRY_WORDS));
    expect(slabs.allotForMove(ENTRY_WORDS)).toBe(NONE);

    expect(new Set(refs).size).toBe(1023 * 8);
    // As an index keeps them.
    const kept = [...Int32Array.from(refs)];
    expect(new Set(kept.map(slabNumberOf)).size).toBe(1023);
    expect(kept.every((ref) => slabs.slabOf(ref).number === slabNumberOf(ref))).toBe(true);
    expect(kept.every((ref) => wordOf(ref) % ENTRY_WORDS === 0 && wordOf(ref) < SLAB_WORDS)).toBe(true);
    expect([slabs.liveWords, slabs.allocatedWords]).toEqual([1023 * SLAB_WORDS, 1023 * SLAB_WORDS]);
  });

  it('keep the last slab for moves', () => {
    const slabs = new PackedSlabs({ slabBytes: SLAB_BYTES, maxSlabs: 2 });
    addMany(slabs, 8);
    expect(() => slabs.allot(ENTRY_WORDS)).toThrow('is full');
    expect(slabs.allotForMove(ENTRY_WORDS)).not.toBe(NONE);
  });

  it('refuse an entry larger than a slab', () => {
    const slabs = new PackedSlabs({ slabBytes: SLAB_BYTES });
    expect(() => slabs.allot(SLAB_WORDS + 1)).toThrow('at most 4096');
    expect(slabs.allocatedWords).toBe(0);
    expect(wordOf(slabs.allot(SLAB_WORDS))).toBe(0);
  });

  it('lose at most an eighth at the ends of slabs, however large the entries', () => {
    const slabs = new PackedSlabs({ slabBytes: 65_536 });
    for (let n = 0; n < 500; n++) slabs.allot(500 + ((n * 7919) % 12_500));
    expect(slabs.allocatedWords).toBeLessThan((slabs.liveWords * 8) / 7 + 65_536 / 4);
  });

  it('are freed with their last entry, but for one, which is used again', () => {
    const slabs = new PackedSlabs({ slabBytes: SLAB_BYTES });
    addMany(slabs, 8);
    const refs = addMany(slabs, 72);
    const { bytes } = slabs.slabOf(refs.at(-1) ?? NONE);
    for (const ref of refs) slabs.discard(ref);
    expect([slabs.liveWords, slabs.allocatedWords]).toEqual([SLAB_WORDS, 2 * SLAB_WORDS]);
    expect(slabs.slabOf(add(slabs)).bytes).toBe(bytes);
    expect(slabs.allocatedWords).toBe(2 * SLAB_WORDS);
  });

  it('keep no spare one of a size that is no longer usual', () => {
    const slabs = new PackedSlabs({});
    const large = add(slabs, 8 * SLAB_WORDS);
    slabs.discard(add(slabs));
    expect(slabs.allocatedWords).toBe((8 + 4) * SLAB_WORDS);
    slabs.discard(large);
    expect(slabs.allocatedWords).toBe(0);
  });

  it('name the one with most garbage, and append nothing to it any more', () => {
    const slabs = new PackedSlabs({ slabBytes: SLAB_BYTES });
    const refs = addMany(slabs, 20);
    // │ 8 of 8 │ 7 of 8 │ 2 of 4, the head │
    for (const at of [9, 16, 18]) slabs.discard(refs[at] ?? NONE);
    expect(slabs.garbageShare).toBeCloseTo(3 / 20);
    const worst = slabs.takeWorst();
    expect(worst).toBe(slabs.slabOf(refs[17] ?? NONE));
    expect(slabs.slabOf(add(slabs))).not.toBe(worst);
  });
});
