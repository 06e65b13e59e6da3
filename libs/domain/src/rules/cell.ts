import type { ReviewFeatures } from '../fraud-detector.js';
import type { HalfStars } from '../rating.js';

/** Whole stars, half stars rounded up: level 0 is one star or less, level 4 more than four. */
export const STAR_LEVELS = 5;
/** Classes of text length: none or a few words, a sentence or two, a paragraph, more. */
export const LENGTH_CLASSES = 4;
/** Star level and length class in one number. Reviews of one hand are alike in both. */
export const CELLS = STAR_LEVELS * LENGTH_CLASSES;

/** Three stars. */
export const NEUTRAL_LEVEL = 2;

/** In UTF-16 units. */
const LENGTH_LIMITS = [64, 256, 1024];

/** The cell of a review, 0 to {@link CELLS} - 1. */
export const cellOfReview = ({
  halfStars,
  title,
  content,
}: Pick<ReviewFeatures, 'halfStars' | 'title' | 'content'>): number =>
  starLevelOf(halfStars) * LENGTH_CLASSES + lengthClassOf((title?.length ?? 0) + (content?.length ?? 0));

export const starLevelOf = (halfStars: HalfStars): number => Math.ceil(halfStars / 2) - 1;
export const starLevelOfCell = (cell: number): number => Math.floor(cell / LENGTH_CLASSES);
export const lengthClassOfCell = (cell: number): number => cell % LENGTH_CLASSES;

/** Whether both ratings praise, both blame, or both do neither. */
export const isSameSide = (a: HalfStars, b: HalfStars): boolean =>
  Math.sign(starLevelOf(a) - NEUTRAL_LEVEL) === Math.sign(starLevelOf(b) - NEUTRAL_LEVEL);

const lengthClassOf = (textLength: number): number => {
  const limit = LENGTH_LIMITS.findIndex((length) => textLength < length);
  return limit === -1 ? LENGTH_LIMITS.length : limit;
};
