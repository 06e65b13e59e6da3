import type { CountedReviewRecord, PublishedReviewRecord } from '@reviews/contracts';

/** A changed review as one of the two topics of facts has it. */
export interface Change {
  readonly topic: 'valid' | 'held';
  readonly offset: number;
  readonly appendTimeMs: number;
  readonly causeOffset: number;
  readonly causeOrdinal: number;
  readonly reviewId: string;
  readonly courseId: string;
  readonly userId: string;
  readonly before: CountedReviewRecord | null;
  readonly after: PublishedReviewRecord | null;
  /** Of a hold: where its text is when it is not in `after`. */
  readonly textOffset: number | null;
}
