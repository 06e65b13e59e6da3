import type { ReviewChangeRecord } from '@reviews/contracts';

/** A changed review as one of the two topics of facts has it. */
export interface Change extends ReviewChangeRecord {
  readonly topic: 'valid' | 'held';
  readonly offset: number;
  readonly appendTimeMs: number;
  /** Of a hold: where its text is when it is not in `after`. */
  readonly textOffset: number | null;
}
