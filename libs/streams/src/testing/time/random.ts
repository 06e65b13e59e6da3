/** Chance that replays: the same seed gives the same numbers. */
export interface Random {
  /** A number from 0 to below 2^32. */
  next(): number;
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** Whether something of this probability, 0 to 1, happens now. */
  chance(probability: number): boolean;
  /** One of them. @throws RangeError when there is none */
  pick<T>(from: readonly T[]): T;
  /** A generator of its own, so that one user's draws do not move another's. */
  fork(): Random;
}

const WARM_UP_ROUNDS = 12;

/** sfc32 (PractRand's small fast counting generator, 128 bits of state), its state filled by splitmix32. */
export const randomOf = (seed: number): Random => {
  let filler = seed | 0;
  const fill = (): number => {
    filler = (filler + 0x9e37_79b9) | 0;
    let z = filler ^ (filler >>> 16);
    z = Math.imul(z, 0x21f0_aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
    return z ^ (z >>> 15);
  };
  let a = fill();
  let b = fill();
  let c = fill();
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) next();

  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability * 2 ** 32,
    pick<T>(from: readonly T[]): T {
      if (from.length === 0) throw new RangeError('Nothing to pick from');
      return from[below(from.length)] as T;
    },
    fork: () => randomOf(next()),
  };
};
