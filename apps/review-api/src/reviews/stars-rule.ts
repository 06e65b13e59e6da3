import { MAX_HALF_STARS, MIN_HALF_STARS, toRating, type HalfStars } from '@reviews/domain';
import { accept, refuse, type FieldRule } from '../request/read-fields.js';

/** What a client may ask for: half stars are floored, as in `starCounts`. */
export const MAX_STARS = 5;

const LIST = new RegExp(`^[0-${MAX_STARS}](,[0-${MAX_STARS}])*$`);
const RATINGS = Array.from(
  { length: MAX_HALF_STARS - MIN_HALF_STARS + 1 },
  (_, index) => (MIN_HALF_STARS + index) as HalfStars,
);

/** The ratings meant by a list of stars, in their order; null when the client does not say. */
export const starsRule: FieldRule<readonly HalfStars[] | null> = (value) => {
  if (value === undefined) return accept(null);
  const stars = typeof value === 'string' && LIST.test(value) ? value.split(',').map(Number) : [];
  return stars.length > 0 && new Set(stars).size === stars.length
    ? accept(RATINGS.filter((rating) => stars.includes(Math.floor(toRating(rating)))))
    : refuse(`must be whole stars from 0 to ${MAX_STARS}, each once, with commas between them`);
};
