import {
  topicReader,
  type AggregatorProgress,
  type CourseStatisticsRecord,
  type FraudDetectorProgress,
  type ReviewFactRecord,
  type ReviewHeldRecord,
  type SchemaRegistry,
} from '@reviews/contracts';
import type { ValueDecoder } from './decode-batch.js';

/** The way into each topic. */
export interface ProjectionDecoders {
  readonly reviewsValid: ValueDecoder<ReviewFactRecord>;
  readonly reviewsFraud: ValueDecoder<ReviewHeldRecord>;
  readonly longTermStats: ValueDecoder<CourseStatisticsRecord>;
  readonly recentStats: ValueDecoder<CourseStatisticsRecord>;
  readonly aggregatorProgress: ValueDecoder<AggregatorProgress>;
  readonly fraudDetectorProgress: ValueDecoder<FraudDetectorProgress>;
}

/** The way into each topic, for a reader that never writes. */
export const projectionDecoders = (registry: SchemaRegistry): ProjectionDecoders => ({
  reviewsValid: topicReader(registry, 'reviews-valid'),
  reviewsFraud: topicReader(registry, 'reviews-fraud'),
  longTermStats: topicReader(registry, 'long-term-stats'),
  recentStats: topicReader(registry, 'recent-stats'),
  aggregatorProgress: topicReader(registry, 'aggregator-progress'),
  fraudDetectorProgress: topicReader(registry, 'fraud-detector-progress'),
});
