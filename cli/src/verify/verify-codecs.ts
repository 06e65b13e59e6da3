import {
  confluentAvro,
  topicReader,
  type AggregatorProgress,
  type ConfluentAvro,
  type CourseStatisticsRecord,
  type ReviewCommandRecord,
  type ReviewFactRecord,
  type ReviewHeldRecord,
  type SchemaRegistry,
} from '@reviews/contracts';
import { textFreeSchema } from './text-free.js';

type Reader<T> = Pick<ConfluentAvro<T>, 'decode' | 'resolveWriters'>;

/** A command without its text. */
export type CommandRecord = Omit<ReviewCommandRecord, 'title' | 'content'>;

/** How values of the topics are read: without text wherever nothing depends on it. */
export interface VerifyCodecs {
  readonly commands: Reader<CommandRecord>;
  readonly commandsWithText: Reader<ReviewCommandRecord>;
  readonly facts: Reader<ReviewFactRecord>;
  readonly holds: Reader<ReviewHeldRecord>;
  readonly longTermStats: Reader<CourseStatisticsRecord>;
  readonly recentStats: Reader<CourseStatisticsRecord>;
  readonly progress: Reader<AggregatorProgress>;
}

export const verifyCodecs = (registry: SchemaRegistry): VerifyCodecs => ({
  commands: confluentAvro(registry, textFreeSchema('reviews'), undefined),
  commandsWithText: topicReader(registry, 'reviews'),
  facts: confluentAvro(registry, textFreeSchema('reviews-valid'), undefined),
  holds: confluentAvro(registry, textFreeSchema('reviews-fraud'), undefined),
  longTermStats: topicReader(registry, 'long-term-stats'),
  recentStats: topicReader(registry, 'recent-stats'),
  progress: topicReader(registry, 'aggregator-progress'),
});
