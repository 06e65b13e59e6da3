/** Draws from a seeded stream of numbers. Every attack has a stream of its own, so adding one moves no other. */
import { murmur2OfAscii } from '../../dist/libs/domain/src/index.js';
import { randomOf } from '../workloads/random.mjs';

/** The stream that a name stands for. */
export const randomNamed = (name) => randomOf(murmur2OfAscii(name));

/** An integer from `low` to `high`, both included. */
export const integerIn = (random, low, high) => low + Math.floor(random() * (high - low + 1));

export const oneOf = (random, items) => items[Math.floor(random() * items.length)];

/** `count` different items, or all of them if there are fewer, in a random order. */
export const someOf = (random, items, count) => {
  const rest = [...items];
  return Array.from(
    { length: Math.min(count, rest.length) },
    () => rest.splice(Math.floor(random() * rest.length), 1)[0],
  );
};

/** A value from `[[value, weight], …]`. */
export const weighted = (random, pairs) => {
  const total = pairs.reduce((sum, [, weight]) => sum + weight, 0);
  let at = random() * total;
  for (const [value, weight] of pairs) {
    at -= weight;
    if (at < 0) return value;
  }
  return pairs.at(-1)[0];
};
