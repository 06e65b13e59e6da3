import type { OutcomeCounts } from './accounting/outcome-counts.js';
import type { PartitionLog } from './partition-log.js';
import type { Publication } from './published/publication.js';

/** Everything that is compared in one partition. */
export interface PartitionInputs {
  readonly partition: number;
  /** Partitions of each topic. */
  readonly partitions: number;
  /** Topic of the commands, prefix included. */
  readonly reviewsTopic: string;
  readonly logs: {
    readonly reviews: PartitionLog;
    readonly valid: PartitionLog;
    readonly held: PartitionLog;
    readonly letters: PartitionLog;
  };
  /** Who claims what, taken before the ends of the logs were. */
  readonly publications: readonly Publication[];
  /** What the aggregator says it has covered, and where; undefined before it said anything. */
  readonly progress: CoveredOffsets | undefined;
}

/** A record of `aggregator-progress`. */
export interface CoveredOffsets {
  readonly where: string;
  readonly reviewsEnd: number;
  readonly reviewsValidEnd: number;
}

/** What was found out about a partition, besides differences. */
export interface PartitionSummary {
  /** Records of `reviews-valid` and `reviews-fraud`. */
  readonly facts: number;
  readonly holds: number;
  /** Courses with at least one valid review. */
  readonly courses: number;
  readonly reviews: number;
  readonly outcomes: OutcomeCounts;
  /** Commands the fraud-detector has not decided yet. */
  readonly undecided: number;
  /** Facts the aggregator has not counted yet. */
  readonly uncounted: number;
}
