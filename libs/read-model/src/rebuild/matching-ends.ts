import type { RunQuery } from '../database.js';
import type { SinkPartition } from '../sink-range.js';
import type { Tables } from '../tables.js';

/**
 * Where each topic has to be read to so that reviews and statistics say the same: to where the aggregator had come in its
 * newest transaction, with what that had published, and to holds that belong to facts before that. The two topics of
 * progress are stored first, as far as they go.
 */
export const matchingEnds = async (
  query: RunQuery,
  { aggregatorProgress, fraudDetectorProgress }: Tables,
): Promise<readonly (SinkPartition & { readonly end: number })[]> => {
  const rows = await query<MatchingRow>(`
    select distinct on (partition) partition, reviews_valid_end, long_term_stats_end, recent_stats_end,
      (select max(reviews_fraud_end) from ${fraudDetectorProgress} detector
       where detector.partition = aggregator.partition
         and detector.reviews_valid_end <= aggregator.reviews_valid_end) as reviews_fraud_end
    from ${aggregatorProgress} aggregator order by partition, record_offset desc`);
  return rows.flatMap((row) => [
    { topic: 'reviews-valid', partition: row.partition, end: row.reviews_valid_end },
    // Without a hold nothing is published that should not be: the same command has withdrawn it from the other topic.
    { topic: 'reviews-fraud', partition: row.partition, end: row.reviews_fraud_end ?? 0 },
    { topic: 'long-term-stats', partition: row.partition, end: row.long_term_stats_end },
    { topic: 'recent-stats', partition: row.partition, end: row.recent_stats_end },
  ]);
};

interface MatchingRow {
  readonly partition: number;
  readonly reviews_valid_end: number;
  readonly reviews_fraud_end: number | null;
  readonly long_term_stats_end: number;
  readonly recent_stats_end: number;
}
