import type { FraudDetectorProgress } from '@reviews/contracts';
import type { TransactionSummary } from '@reviews/streams';
import type { PartitionState } from './partition-state.js';

/** What the two topics of facts cover after a transaction. */
export const progressAfter = (
  {
    partition,
    sourceNext,
    outputEnds,
  }: Pick<TransactionSummary<PartitionState>, 'partition' | 'sourceNext' | 'outputEnds'>,
  { validTopic, fraudTopic }: { readonly validTopic: string; readonly fraudTopic: string },
): FraudDetectorProgress => ({
  partition,
  reviewsEnd: sourceNext,
  reviewsValidEnd: outputEnds[validTopic] ?? 0,
  reviewsFraudEnd: outputEnds[fraudTopic] ?? 0,
});
