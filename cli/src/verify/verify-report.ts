import type { CheckedCourses } from '../rebuild-read-model/check-courses.js';
import { NO_OUTCOMES, type Outcome, type OutcomeCounts } from './accounting/outcome-counts.js';
import { Differences, type Difference, type DifferenceKind } from './difference.js';
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
  /** Courses whose reviews in the tables were added up; null when only topics were compared. */
  readonly crossChecked: { readonly agreeing: number; readonly neverQuiet: number } | null;
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

const TOPICS = ['long-term-stats', 'recent-stats'];
const TABLES = ['course_statistics', 'reviews'];

/** How it was verified. */
export interface VerifyTerms {
  /** How many differences are kept. */
  readonly limit: number;
  /** What came of adding up the reviews in the tables; undefined when only topics were compared. */
  readonly crossChecked: CheckedCourses | undefined;
  readonly seconds: number;
}

export const verifyReport = (
  found: readonly PartitionsFound[],
  { limit, crossChecked, seconds }: VerifyTerms,
): VerifyReport => {
  const summaries = found.flatMap((ofThread) => ofThread.summaries);
  const differences = [
    ...found.map((ofThread) => ofThread.differences),
    disagreements(crossChecked?.disagreeing ?? [], limit),
  ];
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
    crossChecked:
      crossChecked === undefined
        ? null
        : { agreeing: crossChecked.agreeing, neverQuiet: crossChecked.neverQuiet },
    compared: crossChecked === undefined ? TOPICS : [...TOPICS, ...TABLES],
    notCompared: crossChecked === undefined ? TABLES : [],
    seconds,
    factsPerSecond: Math.round((valid + held) / seconds),
    differences: {
      total,
      byKind: sumByKind(differences.map(({ counts }) => counts)),
      first: differences.flatMap(({ first }) => first).slice(0, limit),
    },
  };
};

const disagreements = (disagreeing: CheckedCourses['disagreeing'], limit: number): Differences => {
  const differences = new Differences(limit);
  for (const { courseId, how } of disagreeing)
    differences.add('tables-disagree', 'reviews, course_statistics', `course ${courseId}: ${how}`);
  return differences;
};

const sumByKind = (
  counts: readonly ReadonlyMap<DifferenceKind, number>[],
): VerifyReport['differences']['byKind'] => {
  const sums = new Map<DifferenceKind, number>();
  for (const ofThread of counts)
    for (const [kind, count] of ofThread) sums.set(kind, (sums.get(kind) ?? 0) + count);
  return Object.fromEntries(sums);
};
