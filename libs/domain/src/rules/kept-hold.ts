import type { ReviewFeatures } from '../fraud-detector.js';
import { isSameSide } from './cell.js';
import { BURST } from './suspicion.js';

/**
 * An edit does not take a review out of the burst it was held for, unless it changes sides; else an attacker would edit his
 * reviews one by one, or import them again. Null when the review was not held for that.
 */
export const scoreOfKeptHold = ({ halfStars, replaces }: ReviewFeatures): number | null => {
  if (replaces?.verdict.kind !== 'held' || !replaces.verdict.reasons.includes(BURST)) return null;
  return isSameSide(replaces.halfStars, halfStars) ? replaces.verdict.score : null;
};
