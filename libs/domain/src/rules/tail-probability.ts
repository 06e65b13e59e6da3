/*
 * Only + - * / and comparisons, so that every engine computes the same bits. Counts above MAX_COUNT, and means above
 * MAX_MEAN, are scaled down with what they are compared to: the distributions used here are so wide that their tails hardly notice.
 */

const MAX_COUNT = 256;
/** Terms are added up to the peak and beyond it, which takes time, and rise by less than NEGLIGIBLE before a far one. */
const MAX_MEAN = 4096;
const NEGLIGIBLE = 1e-6;
const MIN_PROBABILITY = 1e-290;
/** 10^(-n/10) for n = 0 to 9. */
const DECIBANS = [
  1, 0.7943282347242815, 0.6309573444801932, 0.5011872336272722, 0.3981071705534972, 0.31622776601683794,
  0.251188643150958, 0.19952623149688797, 0.15848931924611134, 0.12589254117941673,
];

/**
 * Probability of at least `count` events when `mean` are expected but the rate itself is uncertain: negative binomial,
 * a Poisson count whose rate has a gamma distribution.
 *
 * @param shape integer; variance is mean + mean² / shape
 */
export const negativeBinomialTail = (count: number, mean: number, shape: number): number => {
  const countScale = count > MAX_COUNT ? MAX_COUNT / count : 1;
  const scale = mean * countScale > MAX_MEAN ? MAX_MEAN / mean : countScale;
  const events = Math.floor(count * scale);
  const continuing = (mean * scale) / (shape + mean * scale);
  let term = 1;
  for (let i = 0; i < shape; i++) term *= 1 - continuing;
  for (let i = 0; i < events; i++) term *= (continuing * (shape + i)) / (i + 1);
  let tail = 0;
  for (let i = events; term > tail * NEGLIGIBLE; i++) {
    tail += term;
    term *= (continuing * (shape + i)) / (i + 1);
  }
  return Math.min(1, tail);
};

/**
 * Probability of at least `successes` among `trials` when the share itself is uncertain: beta-binomial.
 *
 * @param share expected share, above 0 and below 1
 * @param weight trials that the share is known from; fewer make a wider distribution
 */
export const betaBinomialTail = (
  successes: number,
  trials: number,
  share: number,
  weight: number,
): number => {
  const scale = trials > MAX_COUNT ? MAX_COUNT / trials : 1;
  const n = Math.floor(trials * scale);
  const k = Math.min(n, Math.floor(successes * scale));
  const a = weight * share;
  const b = weight - a;
  let term = 1;
  for (let i = 0; i < n; i++) term *= (a + i) / (weight + i);
  let tail = 0;
  for (let i = n; i >= k; i--) {
    tail += term;
    if (i > 0) term *= ((i / (n - i + 1)) * (b + n - i)) / (a + i - 1);
  }
  return Math.min(1, tail);
};

/** Evidence against chance in tenths of a power of ten, rounded down (I. J. Good, 1979): 0.001 is 30. */
export const decibansAgainst = (probability: number): number => {
  let rest = Math.max(probability, MIN_PROBABILITY);
  let decibans = 0;
  for (; rest <= 0.1; rest *= 10) decibans += 10;
  for (let tenth = 9; tenth > 0; tenth--) if (rest <= (DECIBANS[tenth] ?? 1)) return decibans + tenth;
  return decibans;
};
