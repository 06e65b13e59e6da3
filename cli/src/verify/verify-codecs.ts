import {
  confluentAvro,
  textFreeSchema,
  topicReader,
  type AggregatorProgress,
  type ConfluentAvro,
  type CourseStatisticsRecord,
  type ReviewCommandRecord,
  type ReviewFactRecord,
  type ReviewHeldRecord,
  type SchemaRegistry,
} from '@reviews/contracts';
import { partialSchema } from './reader-schemas.js';

/** Decodes the values of a topic. */
export type Reader<T> = Pick<ConfluentAvro<T>, 'decode' | 'resolveWriters'>;

/** A command without its text. */
export type CommandRecord = Omit<ReviewCommandRecord, 'title' | 'content'>;

/** What tells one statistic of a course from another. */
export type StatisticHead = Pick<CourseStatisticsRecord, 'courseId' | 'version'>;

/** A topic has many statistics of a course, and only the last one is compared: the others are read by their heads. */
export interface StatisticReaders {
  readonly heads: Reader<StatisticHead>;
  readonly whole: Reader<CourseStatisticsRecord>;
}

/** How values of the topics are read: without text wherever nothing depends on it. */
export interface VerifyCodecs {
  readonly commands: Reader<CommandRecord>;
  readonly commandsWithText: Reader<ReviewCommandRecord>;
  readonly facts: Reader<ReviewFactRecord>;
  readonly holds: Reader<ReviewHeldRecord>;
  readonly longTermStats: StatisticReaders;
  readonly recentStats: StatisticReaders;
  readonly progress: Reader<AggregatorProgress>;
}

export const verifyCodecs = (registry: SchemaRegistry): VerifyCodecs => ({
  commands: confluentAvro(registry, textFreeSchema('reviews'), undefined),
  commandsWithText: topicReader(registry, 'reviews'),
  facts: confluentAvro(registry, textFreeSchema('reviews-valid'), undefined),
  holds: confluentAvro(registry, textFreeSchema('reviews-fraud'), undefined),
  longTermStats: statisticReaders(registry, 'long-term-stats'),
  recentStats: statisticReaders(registry, 'recent-stats'),
  progress: topicReader(registry, 'aggregator-progress'),
});

const statisticReaders = (
  registry: SchemaRegistry,
  topic: 'long-term-stats' | 'recent-stats',
): StatisticReaders => ({
  heads: confluentAvro(registry, partialSchema(topic, ['courseId', 'version']), undefined),
  whole: topicReader(registry, topic),
});
