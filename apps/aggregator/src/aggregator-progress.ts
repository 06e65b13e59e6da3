import type { AggregatorProgress } from '@reviews/contracts';
import type { TransactionSummary } from '@reviews/streams';
import type { KeptPartitionState } from './partition-state.js';

/** What the statistics cover after a transaction: a day is named once every course was brought to it, and not before. */
export const progressAfter = (
  { partition, sourceNext, outputEnds, partitionState }: TransactionSummary<KeptPartitionState>,
  { longTermTopic, recentTopic }: { readonly longTermTopic: string; readonly recentTopic: string },
): AggregatorProgress => ({
  partition,
  reviewsEnd: (partitionState?.cause.offset ?? -1) + 1,
  reviewsValidEnd: sourceNext,
  day: partitionState?.sweptDay ?? null,
  longTermStatsEnd: outputEnds[longTermTopic] ?? 0,
  recentStatsEnd: outputEnds[recentTopic] ?? 0,
});
