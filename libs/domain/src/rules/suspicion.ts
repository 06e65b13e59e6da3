import type { HeldVerdict, Verdict } from '../verdict.js';

export const NAME = 'rules';
/** Changes whenever the detector decides differently. */
const VERSION = '1';

/** The reason of reviews that are held for a burst. */
export const BURST = 'rating-burst';

/** What one rule says of a review. */
export interface Suspicion {
  readonly reason: 'near-copy' | 'rating-burst' | 'rewrite-rate';
  readonly holds: boolean;
  /** 0 to 100; {@link HOLD_SCORE} and more exactly when it holds. */
  readonly score: number;
}

const HOLD_SCORE = 50;

/**
 * @param strength what was measured, 0 or more
 * @param limit what holds
 */
export const suspicionOf = (
  reason: Suspicion['reason'],
  holds: boolean,
  strength: number,
  limit: number,
): Suspicion => {
  const score = Math.floor((HOLD_SCORE * strength) / limit);
  return {
    reason,
    holds,
    score: holds ? Math.max(HOLD_SCORE, Math.min(100, score)) : Math.min(HOLD_SCORE - 1, score),
  };
};

/** The verdict on a review: held when a rule holds it, with the reasons of all that do and the highest score. */
export const verdictOf = (suspicions: readonly Suspicion[]): Verdict => {
  const detector = { detectorName: NAME, detectorVersion: VERSION };
  const score = Math.max(0, ...suspicions.map((suspicion) => suspicion.score));
  const reasons = suspicions.filter(({ holds }) => holds).map(({ reason }) => reason);
  return reasons.length === 0
    ? { kind: 'valid', score, ...detector }
    : { kind: 'held', score, reasons, ...detector };
};

/** The verdict on an earlier review of a burst. */
export const laterVerdictOf = ({ reason, score }: Suspicion): HeldVerdict => ({
  kind: 'held',
  score,
  reasons: [reason],
  detectorName: NAME,
  detectorVersion: VERSION,
});
