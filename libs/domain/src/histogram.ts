import { MAX_HALF_STARS, type HalfStars } from './rating.js';

/**
 * How many reviews gave each rating: entry `i` counts the reviews with `i + 1` half stars.
 * Count and sum are derived from it, so they cannot disagree. Histograms form a commutative group under
 * {@link combine} with {@link emptyHistogram}; {@link retract} undoes.
 */
export type Histogram = readonly number[];

export const emptyHistogram: Histogram = Object.freeze(new Array<number>(MAX_HALF_STARS).fill(0));

/** The histogram of a single review. */
export const histogramOf = (halfStars: HalfStars): Histogram =>
  emptyHistogram.map((_, index) => (index === halfStars - 1 ? 1 : 0));

/** Both together. Associative and commutative. */
export const combine = (a: Histogram, b: Histogram): Histogram =>
  a.map((count, index) => count + countAt(b, index));

/** With one review more, or with `reviews` of a rating; a negative number takes them away. */
export const withReviews = (histogram: Histogram, halfStars: HalfStars, reviews: number): Histogram =>
  histogram.with(halfStars - 1, countAt(histogram, halfStars - 1) + reviews);

/** `a` without `b`: `retract(combine(a, b), b)` equals `a`. */
export const retract = (a: Histogram, b: Histogram): Histogram =>
  a.map((count, index) => count - countAt(b, index));

/** Number of reviews. Exact while it is below 2^53. */
export const reviewCount = (histogram: Histogram): number => histogram.reduce((sum, count) => sum + count, 0);

/** Sum of all ratings, in half stars. Exact while it is below 2^53. */
export const sumHalfStars = (histogram: Histogram): number =>
  histogram.reduce((sum, count, index) => sum + count * (index + 1), 0);

/** Mean rating in stars, unrounded; null when there is no review. Divided here, where it is read, and nowhere else. */
export const averageRating = (histogram: Histogram): number | null => {
  const count = reviewCount(histogram);
  return count === 0 ? null : sumHalfStars(histogram) / 2 / count;
};

/**
 * True when every count is one that can be: not negative, which only a broken log can cause, and small enough that it is
 * exact and can be stored, which is up to 2^53 - 2.
 */
export const isPossible = (histogram: Histogram): boolean => histogram.every(isPossibleCount);

/** The same of one count. */
export const isPossibleCount = (count: number): boolean => count >= 0 && count < Number.MAX_SAFE_INTEGER;

export const isEmpty = (histogram: Histogram): boolean => histogram.every((count) => count === 0);

export const equalHistograms = (a: Histogram, b: Histogram): boolean =>
  a === b || a.every((count, index) => count === b[index]);

/** How many reviews gave a rating. */
export const reviewsRated = (histogram: Histogram, halfStars: HalfStars): number =>
  countAt(histogram, halfStars - 1);

const countAt = (histogram: Histogram, index: number): number => histogram[index] ?? 0;
