/** Why a review is kept back, for machines; for example `hash-share`. */
export type HoldReason = string;

/** What a fraud detector decided, and who decided it. */
export type Verdict = ValidVerdict | HeldVerdict;

interface Assessment {
  /** Suspicion from 0 (none) to 100 (certain), an integer. */
  readonly score: number;
  readonly detectorName: string;
  readonly detectorVersion: string;
}

export interface ValidVerdict extends Assessment {
  readonly kind: 'valid';
}

export interface HeldVerdict extends Assessment {
  readonly kind: 'held';
  /** At least one. */
  readonly reasons: readonly HoldReason[];
}
