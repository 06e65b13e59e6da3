import type { Brand } from './brand.js';

/** A rating in half stars, an integer from 1 (half a star) to 10 (five stars). */
export type HalfStars = Brand<number, 'HalfStars'>;

export const MIN_HALF_STARS = 1;
export const MAX_HALF_STARS = 10;

/** True for the integers 1 to 10. */
export const isHalfStars = (value: number): value is HalfStars =>
  Number.isInteger(value) && value >= MIN_HALF_STARS && value <= MAX_HALF_STARS;

/** Half stars of a rating in stars (0.5 to 5 in steps of 0.5), or undefined when it is not one. */
export const parseRating = (stars: number): HalfStars | undefined => {
  const halfStars = stars * 2;
  return isHalfStars(halfStars) ? halfStars : undefined;
};

/** The rating in stars: 0.5 to 5. */
export const toRating = (halfStars: HalfStars): number => halfStars / 2;
