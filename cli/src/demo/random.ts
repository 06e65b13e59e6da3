/** A number from 0 up to but not including 1. */
export type Random = () => number;

/** Mulberry32: the same seed gives the same numbers on every machine. */
export const randomOf = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
};

/** An integer from 0 up to but not including `end`. */
export const integerBelow = (random: Random, end: number): number => Math.floor(random() * end);

/** One of the items, which must not be empty. */
export const oneOf = <Item>(random: Random, items: readonly [Item, ...Item[]]): Item =>
  items[integerBelow(random, items.length)] ?? items[0];
