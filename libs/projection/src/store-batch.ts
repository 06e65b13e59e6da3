import { parseCourseStatisticsRecord } from '@reviews/contracts';
import type { SinkRange, SinkStore } from '@reviews/read-model';
import type { RecordBatch } from '@reviews/streams';
import { decodeBatch } from './decode-batch.js';
import type { ProjectionDecoders } from './decoders.js';
import { parseAggregatorProgress, parseFraudDetectorProgress } from './progress-records.js';
import { updateOfFact, updateOfHeld } from './review-updates.js';

/** Decodes a batch and stores it where its topic belongs. */
export const storeBatch = async (
  store: SinkStore,
  decoders: ProjectionDecoders,
  batch: RecordBatch,
  range: SinkRange,
): Promise<void> => {
  const { partition } = range;
  switch (range.topic) {
    case 'reviews-valid': {
      const updates = await decodeBatch(batch, decoders.reviewsValid, updateOfFact);
      return store.storeReviews(
        range,
        updates.filter((update) => update !== null),
      );
    }
    case 'reviews-fraud':
      return store.storeReviews(range, await decodeBatch(batch, decoders.reviewsFraud, updateOfHeld));
    case 'long-term-stats':
      return store.storeLongTermStats(
        range,
        await decodeBatch(batch, decoders.longTermStats, parseCourseStatisticsRecord),
      );
    case 'recent-stats':
      return store.storeRecentStats(
        range,
        await decodeBatch(batch, decoders.recentStats, parseCourseStatisticsRecord),
      );
    case 'aggregator-progress':
      return store.storeAggregatorProgress(
        range,
        await decodeBatch(batch, decoders.aggregatorProgress, (progress, record) =>
          parseAggregatorProgress(progress, record, partition),
        ),
      );
    case 'fraud-detector-progress':
      return store.storeFraudDetectorProgress(
        range,
        await decodeBatch(batch, decoders.fraudDetectorProgress, (progress, record) =>
          parseFraudDetectorProgress(progress, record, partition),
        ),
      );
  }
};
