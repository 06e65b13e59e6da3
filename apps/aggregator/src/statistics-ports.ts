import {
  courseStateCodec,
  type ConfluentReader,
  type CountedFact,
  type CourseStatisticsEncoder,
} from '@reviews/contracts';
import type { TransactionContext } from '@reviews/streams';
import type { KeptPartitionState } from './partition-state.js';

/** What the aggregator keeps. */
export const stores = { courses: { name: 'courses', codec: courseStateCodec } };

/** What it may do in a transaction. */
export type StatisticsContext = TransactionContext<typeof stores, KeptPartitionState>;

/** What the logic works with: the way in and out. */
export interface StatisticsPorts {
  readonly facts: Pick<ConfluentReader<CountedFact>, 'decode'>;
  readonly encodeLongTerm: CourseStatisticsEncoder;
  readonly encodeRecent: CourseStatisticsEncoder;
  readonly longTermTopic: string;
  readonly recentTopic: string;
  /** Courses that one step of the sweep looks at. */
  readonly sweepStep: number;
}
