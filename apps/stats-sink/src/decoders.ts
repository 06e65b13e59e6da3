import {
  confluentAvro,
  schemaOf,
  type AggregatorProgress,
  type CourseStatisticsRecord,
  type SchemaRegistry,
} from '@reviews/contracts';
import type { StatisticsSinkPorts } from './statistics-sink.js';

/** The way into each topic, for a reader that never writes. */
export const decodersOf = (registry: SchemaRegistry): StatisticsSinkPorts['decoders'] => ({
  longTermStats: confluentAvro<CourseStatisticsRecord>(registry, schemaOf('long-term-stats'), undefined),
  recentStats: confluentAvro<CourseStatisticsRecord>(registry, schemaOf('recent-stats'), undefined),
  aggregatorProgress: confluentAvro<AggregatorProgress>(registry, schemaOf('aggregator-progress'), undefined),
});
