import { describe, expect, it } from '@jest/globals';
import { type KeyHash } from './key-hash.js';
import { PackedMap, type PackedMapOptions } from './packed-map.js';

// Looked up once: a global costs much more here than outside a test.
const { floor, imul } = Math;

/** Deterministic chance (mulberry32): integers from 0 to below `end`. */
const seeded = (seed: number) => {
  let state = seed;
  return (end: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  };
};

interface Expected {
  readonly value: string;
  readonly checksum: number;
}
type Model = Map<string, Expected>;

const ALPHABETS = ['course/', 'Käse ', '日本語', '👩‍🎓'];
const keyOf = (n: number): string => (n === 0 ? '' : `${ALPHABETS[n % 4] ?? ''}${'x'.repeat(n % 90)}${n}`);
const filled = (length: number, byte: number): Buffer => Buffer.alloc(length, byte);
const sorted = (entries: Iterable<readonly [string, string]>) =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

const expectSame = (map: PackedMap, model: Model): void => {
  expect(map.size).toBe(model.size);
  const held = [...map.entries()].map(([key, value]) => [key, value.toString('hex')] as const);
  expect(sorted(held)).toEqual(sorted([...model].map(([key, { value }]) => [key, value])));
  for (const [key, { checksum }] of model)
    if (map.get(key)?.checksum !== checksum) expect(map.get(key)?.checksum).toBe(checksum);
};

/** @returns whether the map answered like the model */
const changeAtRandom = (map: PackedMap, model: Model, random: (end: number) => number, keys: number) => {
  const key = keyOf(random(keys));
  const before = model.get(key);
  const found = map.get(key);
  const agrees = found?.value.toString('hex') === before?.value;
  if (random(3) === 0) {
    model.delete(key);
    return map.delete(key) === before?.checksum && agrees;
  }
  const keepsLength = before !== undefined && random(2) === 0;
  const value = filled(keepsLength ? before.value.length / 2 : random(4) * random(120), random(256));
  const checksum = random(2 ** 32);
  model.set(key, { value: value.toString('hex'), checksum });
  return map.set(key, value, checksum) === before?.checksum && agrees;
};

/** That it is so `times` times; an `expect` for each would take most of the time. */
const expectAlways = (times: number, holds: (n: number) => boolean | undefined): void => {
  let held = 0;
  while (held < times && holds(held) === true) held++;
  expect(held).toBe(times);
};

const byLength: KeyHash = (_words, _start, byteLength) => byteLength << 24;

describe('a packed map', () => {
  it.each<[string, PackedMapOptions]>([
    ['with its own hash and slabs', {}],
    ['with slabs of a few entries', { slabBytes: 4096 }],
    ['when keys of one length share a hash', { hashOf: byLength, slabBytes: 4096 }],
    ['when all keys share the last hash, so that the index wraps around', { hashOf: () => -1 }],
  ])('answers like a Map %s', (_name, options) => {
    const random = seeded(7);
    const map = new PackedMap(options);
    const model: Model = new Map();
    for (let round = 0; round < 6; round++) {
      const keys = [10, 400, 40, 900, 5, 300][round] ?? 0;
      expectAlways(4000, () => changeAtRandom(map, model, random, keys));
      expectSame(map, model);
    }
  });

  it('keeps a value apart from the buffer it came in', () => {
    const map = new PackedMap();
    const value = filled(10, 1);
    map.set('a', value, 0);
    value.fill(2);
    expect(map.get('a')?.value).toEqual(filled(10, 1));
  });

  it('copies a value that it holds itself', () => {
    const map = new PackedMap();
    map.set('a', filled(100, 1), 1);
    for (let n = 0; n < 500; n++) map.set(`b${n}`, map.get('a')?.value ?? filled(0, 0), 1);
    expectAlways(500, (n) => map.get(`b${n}`)?.value.equals(filled(100, 1)));
  });

  it('holds keys of 64 KB, values of a megabyte and one that fills the largest slab', () => {
    const map = new PackedMap();
    const longKey = 'ü'.repeat(32 * 1024);
    const largest = 16 * 1024 * 1024 - 16;
    for (let n = 0; n < 20; n++) map.set(longKey + String(n), filled(1024 * 1024 + n, n), n);
    map.set('k', filled(largest, 1), 1);
    expectAlways(20, (n) => map.get(longKey + String(n))?.value.equals(filled(1024 * 1024 + n, n)));
    expect(map.get('k')?.value.equals(filled(largest, 1))).toBe(true);
  });

  it('refuses what no slab is left for, stays as it was, and takes more after deletions', () => {
    const map = new PackedMap({ slabBytes: 4096, maxSlabs: 8 });
    const fill = (first: number): number => {
      for (let n = first; ; n++) map.set(`k${n}`, filled(90 + (n % 7), n), n);
    };
    expect(() => fill(0)).toThrow(expect.objectContaining({ code: 'FATAL' }));
    const size = map.size;
    expect(map.allocatedBytes).toBeGreaterThan(7 * 4096);
    expect(() => map.set('k0', filled(600, 0), 0)).toThrow('is full');
    const isKept = (n: number) => map.get(`k${n}`)?.value.equals(filled(90 + (n % 7), n));
    expectAlways(size, isKept);

    for (let n = 0; n < size; n += 2) map.delete(`k${n}`);
    expect(() => fill(size)).toThrow('is full');
    expect(map.size).toBeGreaterThan(size * 0.75);
    expectAlways(size, (n) => (n % 2 === 0 ? map.get(`k${n}`) === undefined : isKept(n)));
  });
});

describe('iterating over a packed map', () => {
  const filledMap = (keys: number): PackedMap => {
    const map = new PackedMap({ slabBytes: 4096 });
    for (let n = 0; n < keys; n++) map.set(`k${n}`, filled(20, n), n);
    return map;
  };

  it('gives what stays exactly once while entries move, grow and the index doubles', () => {
    const map = filledMap(500);
    const seen: string[] = [];
    let next = 500;
    for (const [key] of map.entries()) {
      seen.push(key);
      if (next < 5000) for (let n = 0; n < 20; n++) map.set(`k${next}`, filled(next++ % 50, 1), 1);
      map.set(key, filled(40 + (next % 30), 2), 2);
    }
    expect(new Set(seen).size).toBe(seen.length);
    for (let n = 0; n < 500; n++) expect(seen).toContain(`k${n}`);
  });

  it('gives the value of the moment, and nothing that was deleted before its turn', () => {
    const map = new PackedMap({ hashOf: () => 0 });
    for (let n = 0; n < 10; n++) map.set(`k${n}`, filled(1, 0), 0);
    const seen: [string, number | undefined][] = [];
    for (const [key, value] of map.entries()) {
      seen.push([key, value[0]]);
      map.delete('k9');
      map.set('k5', filled(7, 5), 5);
    }
    expect(seen).toHaveLength(9);
    expect(seen).toContainEqual(['k5', 5]);
  });
});

describe('a search of a packed map', () => {
  const WANTED = 7;
  const isWanted = (value: Buffer): boolean => value[0] === WANTED;
  const LOOKS = 64;
  const valueOf = (n: number, length: number): Buffer => filled(1 + length, n % 5 === 0 ? WANTED : 0);

  it('gives each wanted key that stays exactly once, whatever is added, moved, grown and deleted meanwhile', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seeded(seed);
      const map = new PackedMap();
      for (let n = 0; n < 2_000; n++) map.set(`k${n}`, valueOf(n, n % 30), 0);
      const found: string[] = [];
      let looks = 0;
      for (const key of map.search(isWanted)) {
        if (key !== undefined) found.push(key);
        if (++looks % LOOKS > 0) continue;
        for (let n = 0; n < 100; n++) map.set(`new${random(10_000)}`, filled(random(60), 0), 0);
        for (let n = 0; n < 20; n++) map.delete(`new${random(10_000)}`);
        // Another length: it goes to another place, and what lay around it is moved sooner or later.
        for (let n = 0; n < 100; n++) {
          const kept = random(2_000);
          map.set(`k${kept}`, valueOf(kept, random(60)), 0);
        }
      }
      expect(found.sort()).toEqual(Array.from({ length: 400 }, (_, n) => `k${5 * n}`).sort());
    }
  });

  it('tells of every entry once whether it is wanted', () => {
    const map = new PackedMap();
    for (let n = 0; n < 1_000; n++) map.set(`k${n}`, valueOf(n, 0), 0);
    expect([...map.search(() => false)]).toEqual(new Array(1_000).fill(undefined));
    expect(new Set(map.search(() => true)).size).toBe(1_000);
  });
});

describe('the memory of a packed map', () => {
  const SLAB_BYTES = 65_536;
  const bound = (map: PackedMap): number => 2 * map.usedBytes + 46 * map.size + 3 * SLAB_BYTES;

  it('is a few hundred bytes when empty and a few kilobytes for some entries', () => {
    const map = new PackedMap();
    expect(map.allocatedBytes).toBeLessThan(1024);
    for (let n = 0; n < 10; n++) map.set(`k${n}`, filled(100, n), n);
    expect(map.allocatedBytes).toBeLessThan(8192);
  });

  it('is at most 40 bytes per key beyond key and value while keys are only added', () => {
    const map = new PackedMap({ slabBytes: SLAB_BYTES });
    for (let n = 0; n < 50_000; n++) map.set(String(n).padStart(36, '0'), filled(100, n), n);
    expect(map.usedBytes).toBe(50_000 * (12 + 36 + 100));
    expect(map.allocatedBytes - 3 * SLAB_BYTES).toBeLessThan(50_000 * (36 + 100 + 40));
  });

  it.each([
    ['in order', (n: number) => n % 5000],
    ['at random', (_n: number, random: (end: number) => number) => random(5000)],
    ['of few keys', (_n: number, random: (end: number) => number) => random(5000) >> random(12)],
  ])('stays under twice the used bytes and three slabs under endless overwriting %s', (_name, keyAt) => {
    const random = seeded(11);
    const map = new PackedMap({ slabBytes: SLAB_BYTES });
    const last = new Map<number, number>();
    for (let n = 0; n < 60_000; n++) {
      const key = keyAt(n, random);
      map.set(`key-${key}`, filled(20 + random(300), n), n);
      last.set(key, n);
      if (map.allocatedBytes > bound(map)) expect(map.allocatedBytes).toBeLessThan(bound(map));
    }
    expect(map.size).toBe(last.size);
    for (const [key, n] of last) {
      const entry = map.get(`key-${key}`);
      expect([entry?.checksum, entry?.value[0]]).toEqual([n, n % 256]);
    }
  });

  it('shrinks with the map', () => {
    const map = new PackedMap({ slabBytes: SLAB_BYTES });
    for (let n = 0; n < 20_000; n++) map.set(`k${n}`, filled(100, n), n);
    for (let n = 10; n < 20_000; n++) {
      map.delete(`k${n}`);
      if (map.allocatedBytes > bound(map)) expect(map.allocatedBytes).toBeLessThan(bound(map));
    }
    expect(map.allocatedBytes).toBeLessThan(16_384);
    for (let n = 0; n < 10; n++) expect(map.get(`k${n}`)?.value).toEqual(filled(100, n));
    for (let n = 0; n < 10; n++) map.delete(`k${n}`);
    expect([map.size, map.usedBytes]).toEqual([0, 0]);
  });
});
