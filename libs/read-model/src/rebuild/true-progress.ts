import type { Tables } from '../tables.js';

/**
 * The newest row of progress that is true, one for each partition: `aggregator` with reviews_end, reviews_valid_end and
 * day, `fraud_detector` with reviews_end. Ready to follow a `with`.
 */
export const trueProgress = ({
  aggregatorProgress,
  fraudDetectorProgress,
  sinkPositions,
}: Tables): string => {
  const reached = (column: string, topic: string): string =>
    `progress.${column} <= coalesce((select next_offset from ${sinkPositions} stored
       where stored.topic = '${topic}' and stored.partition = progress.partition), 0)`;
  return `
    aggregator as (
      select distinct on (partition) partition, reviews_end, reviews_valid_end, day from ${aggregatorProgress} progress
      where ${reached('long_term_stats_end', 'long-term-stats')} and ${reached('recent_stats_end', 'recent-stats')}
      order by partition, record_offset desc),
    fraud_detector as (
      select distinct on (partition) partition, reviews_end from ${fraudDetectorProgress} progress
      where ${reached('reviews_valid_end', 'reviews-valid')} and ${reached('reviews_fraud_end', 'reviews-fraud')}
      order by partition, record_offset desc)`;
};
