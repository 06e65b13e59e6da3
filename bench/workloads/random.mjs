/** Seeded numbers: which key comes next. */

/** mulberry32: small, seeded, good enough to choose keys. */
export const randomOf = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Key numbers after Zipf's law with exponent 1.0, by binary search in the cumulated weights. */
export const zipf = (keys, random) => {
  const cumulated = new Float64Array(keys);
  let sum = 0;
  for (let rank = 0; rank < keys; rank++) cumulated[rank] = sum += 1 / (rank + 1);
  return () => {
    const at = random() * sum;
    let low = 0;
    let high = keys - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulated[middle] < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
};

/** Every key once, then any of them. */
export const everyKey = (keys, random) => {
  let next = 0;
  return () => (next < keys ? next++ : Math.floor(random() * keys));
};
