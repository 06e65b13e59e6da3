import {
  topicReader,
  type AggregatorProgress,
  type CourseStatisticsRecord,
  type SchemaRegistry,
} from '@reviews/contracts';
import type { StatisticsSinkPorts } from './statistics-sink.js';

/** The way into each topic, for a reader that never writes. */
export const decodersOf = (registry: SchemaRegistry): StatisticsSinkPorts['decoders'] => ({
  longTermStats: topicReader<CourseStatisticsRecord>(registry, 'long-term-stats'),
  recentStats: topicReader<CourseStatisticsRecord>(registry, 'recent-stats'),
  aggregatorProgress: topicReader<AggregatorProgress>(registry, 'aggregator-progress'),
});
