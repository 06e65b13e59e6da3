import { NO_OUTCOMES, type Outcome, type OutcomeCounts } from './accounting/outcome-counts.js';
import type { Difference, DifferenceKind } from './difference.js';
import type { PartitionSummary } from './partition-inputs.js';
import type { PartitionsFound } from './verify-partitions.js';

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

/** How it was verified. */
export interface VerifyTerms {
  /** How many differences are kept. */
  readonly limit: number;
  readonly compared: TablesCompared;
  readonly seconds: number;
}

export const verifyReport = (
  found: readonly PartitionsFound[],
  { limit, compared, seconds }: VerifyTerms,
): VerifyReport => {
  const summaries = found.flatMap((ofThread) => ofThread.summaries);
  const differences = found.map((ofThread) => ofThread.differences);
  const total = differences.reduce((sum, ofThread) => sum + ofThread.total, 0);
  const sumOf = (pick: (summary: PartitionSummary) => number): number =>
    summaries.reduce((sum, summary) => sum + pick(summary), 0);
  const outcomes = Object.keys(NO_OUTCOMES) as readonly Outcome[];
  const valid = sumOf(({ facts }) => facts);
  const held = sumOf(({ holds }) => holds);
  return {
    agrees: total === 0,
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
    compared: compared === 'with-tables' ? [...TOPICS, TABLE] : TOPICS,
    notCompared: compared === 'with-tables' ? [] : [TABLE],
    seconds,
    factsPerSecond: Math.round((valid + held) / seconds),
    differences: {
      total,
      byKind: sumByKind(differences.map(({ counts }) => counts)),
      first: differences.flatMap(({ first }) => first).slice(0, limit),
    },
  };
};

const sumByKind = (
  counts: readonly ReadonlyMap<DifferenceKind, number>[],
): VerifyReport['differences']['byKind'] => {
  const sums = new Map<DifferenceKind, number>();
  for (const ofThread of counts)
    for (const [kind, count] of ofThread) sums.set(kind, (sums.get(kind) ?? 0) + count);
  return Object.fromEntries(sums);
};
