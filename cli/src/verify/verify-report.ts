import { NO_OUTCOMES, type Outcome, type OutcomeCounts } from './accounting/outcome-counts.js';
import type { Difference, DifferenceKind, Differences } from './difference.js';
import type { PartitionSummary } from './partition-inputs.js';

/** What `reviews verify` found. */
export interface VerifyReport {
  /** Whether nothing differs. */
  readonly agrees: boolean;
  readonly partitions: number;
  readonly commands: OutcomeCounts & {
    /** The fraud-detector has still to decide them. */
    readonly undecided: number;
  };
  readonly facts: {
    readonly valid: number;
    readonly held: number;
    /** The aggregator has still to count them. */
    readonly uncounted: number;
  };
  readonly courses: number;
  readonly reviews: number;
  readonly compared: readonly string[];
  readonly notCompared: readonly string[];
  readonly seconds: number;
  readonly factsPerSecond: number;
  readonly differences: {
    readonly total: number;
    readonly byKind: Partial<Readonly<Record<DifferenceKind, number>>>;
    readonly first: readonly Difference[];
  };
}

/** Whether the tables were looked at, too. */
export type TablesCompared = 'with-tables' | 'without-tables';

const TOPICS = ['long-term-stats', 'recent-stats'];
const TABLE = 'course_statistics';

export const verifyReport = (
  summaries: readonly PartitionSummary[],
  differences: Differences,
  tables: TablesCompared,
  seconds: number,
): VerifyReport => {
  const sumOf = (pick: (summary: PartitionSummary) => number): number =>
    summaries.reduce((sum, summary) => sum + pick(summary), 0);
  const outcomes = Object.keys(NO_OUTCOMES) as readonly Outcome[];
  const valid = sumOf(({ facts }) => facts);
  const held = sumOf(({ holds }) => holds);
  return {
    agrees: differences.total === 0,
    partitions: summaries.length,
    commands: {
      ...(Object.fromEntries(
        outcomes.map((outcome) => [outcome, sumOf((summary) => summary.outcomes[outcome])]),
      ) as OutcomeCounts),
      undecided: sumOf(({ undecided }) => undecided),
    },
    facts: { valid, held, uncounted: sumOf(({ uncounted }) => uncounted) },
    courses: sumOf(({ courses }) => courses),
    reviews: sumOf(({ reviews }) => reviews),
    compared: tables === 'with-tables' ? [...TOPICS, TABLE] : TOPICS,
    notCompared: tables === 'with-tables' ? [] : [TABLE],
    seconds,
    factsPerSecond: Math.round((valid + held) / seconds),
    differences: {
      total: differences.total,
      byKind: Object.fromEntries(differences.counts),
      first: differences.first,
    },
  };
};
