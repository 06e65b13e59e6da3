import {
  topicReader,
  type AggregatorProgress,
  type CourseStatisticsRecord,
  type SchemaRegistry,
} from '@reviews/contracts';
import type { ProjectionPorts } from './projection.js';

/** The way into each topic, for a reader that never writes. */
export const projectionDecoders = (registry: SchemaRegistry): ProjectionPorts['decoders'] => ({
  longTermStats: topicReader<CourseStatisticsRecord>(registry, 'long-term-stats'),
  recentStats: topicReader<CourseStatisticsRecord>(registry, 'recent-stats'),
  aggregatorProgress: topicReader<AggregatorProgress>(registry, 'aggregator-progress'),
});
