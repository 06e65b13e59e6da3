import { addDays, type EpochDay } from '../day.js';
import { CELLS, LENGTH_CLASSES, lengthClassOfCell, starLevelOfCell } from './cell.js';
import { lengthShares, starShares, weightOf } from './course-profile.js';
import {
  type CourseHistory,
  type Expectation,
  expectedReviews,
  type Span,
  SPANS,
} from './expected-reviews.js';
import type { RulesThresholds } from './rules-thresholds.js';
import { betaBinomialTail, decibansAgainst, negativeBinomialTail } from './tail-probability.js';

/** Praise or blame: the side an attack is on. */
export type Side = 'praise' | 'blame';

/** Reviews that may be of one hand: some star levels of one side, with any text or only with short ones. */
export interface Group {
  readonly side: Side;
  readonly levels: readonly number[];
  /** Texts of this class and shorter. */
  readonly maxLengthClass: number;
}

/** What speaks against chance in a span, for the group it speaks most for. */
export interface BurstEvidence {
  readonly decibans: number;
  readonly group: Group;
  readonly span: Span;
  readonly firstDay: EpochDay;
  readonly lastDay: EpochDay;
  /** Reviews of the span by cell, held ones included. */
  readonly counts: readonly number[];
  readonly expected: Expectation;
}

const ANY_LENGTH = LENGTH_CLASSES - 1;
const GROUPS: readonly Group[] = [ANY_LENGTH, 0, 1].flatMap((maxLengthClass): readonly Group[] => [
  { side: 'praise', levels: [3, 4], maxLengthClass },
  { side: 'praise', levels: [4], maxLengthClass },
  { side: 'blame', levels: [0, 1], maxLengthClass },
  { side: 'blame', levels: [0], maxLengthClass },
]);

/** Peaks of terms differ by about as much as they are high. */
const COUNT_SHAPE = 2;
/** Ratings of one term differ from those of the next as if a course had no more reviews than this. */
const MAX_SHARE_WEIGHT = 14;
/** For looking at short texts besides: a group that was found by looking for more groups proves less. */
const SHORT_TEXT_PENALTY = 2;

/** The strongest evidence in the spans that end today, or undefined when no group has reviews enough. */
export const strongestEvidence = (
  history: CourseHistory,
  sides: readonly Side[],
  thresholds: RulesThresholds,
): BurstEvidence | undefined => {
  const groups = GROUPS.filter(({ side }) => sides.includes(side));
  const counts = new Array<number>(CELLS).fill(0);
  let strongest: BurstEvidence | undefined;
  let counted = 0;
  for (const span of SPANS) {
    for (; counted < span.days; counted++) addDay(counts, history, addDays(history.today, -counted));
    if (sum(counts) < thresholds.burstMinReviews) continue;
    const firstDay = addDays(history.today, 1 - span.days);
    const found = { span, firstDay, lastDay: history.today, counts: [...counts] };
    for (const evidence of evidenceOf(history, found, groups, thresholds))
      if (evidence.decibans > (strongest?.decibans ?? -1)) strongest = evidence;
  }
  return strongest;
};

/** The evidence there was when a span still ended earlier, for the same group; undefined when too little. */
export const evidenceUntil = (
  history: CourseHistory,
  { group, firstDay }: BurstEvidence,
  lastDay: EpochDay,
  thresholds: RulesThresholds,
): BurstEvidence | undefined => {
  const counts = new Array<number>(CELLS).fill(0);
  for (let day = firstDay; day <= lastDay; day = addDays(day, 1)) addDay(counts, history, day);
  const span = spanOf(lastDay - firstDay + 1);
  return evidenceOf(history, { span, firstDay, lastDay, counts }, [group], thresholds)[0];
};

const evidenceOf = (
  history: CourseHistory,
  found: Pick<BurstEvidence, 'span' | 'firstDay' | 'lastDay' | 'counts'>,
  groups: readonly Group[],
  { burstMinReviews, burstMinSideDecibans, ordinaryWeeklyReviews }: RulesThresholds,
): readonly BurstEvidence[] => {
  const total = sum(found.counts);
  const stars = starShares(history.profile);
  const lengths = lengthShares(history.profile);
  const weight = Math.min(MAX_SHARE_WEIGHT, weightOf(history.profile));
  const candidates = groups.flatMap((group) => {
    const ofGroup = countOf(found.counts, group);
    const share =
      sum(group.levels.map((level) => stars[level] ?? 0)) * sum(lengths.slice(0, group.maxLengthClass + 1));
    return ofGroup >= burstMinReviews && ofGroup > share * total ? [{ group, ofGroup, share }] : [];
  });
  if (candidates.length === 0) return [];

  const expected = expectedReviews(history, found.span, found.lastDay, ordinaryWeeklyReviews);
  const byCount = decibansAgainst(negativeBinomialTail(total, expected.ordinary, COUNT_SHAPE));
  return candidates.flatMap(({ group, ofGroup, share }) => {
    const byShare = decibansAgainst(betaBinomialTail(ofGroup, total, share, weight));
    if (byShare < burstMinSideDecibans) return [];
    const penalty = group.maxLengthClass === ANY_LENGTH ? 0 : SHORT_TEXT_PENALTY;
    // The number of reviews and how they are rated are independent by chance, so their evidence adds up.
    return [{ ...found, decibans: Math.max(0, byCount + byShare - penalty), group, expected }];
  });
};

const countOf = (counts: readonly number[], { levels, maxLengthClass }: Group): number =>
  sum(
    counts.filter(
      (_, cell) => levels.includes(starLevelOfCell(cell)) && lengthClassOfCell(cell) <= maxLengthClass,
    ),
  );

const addDay = (counts: number[], { days }: CourseHistory, day: EpochDay): void => {
  const ofDay = days.get(day);
  if (ofDay === undefined) return;
  for (let cell = 0; cell < CELLS; cell++)
    counts[cell] = (counts[cell] ?? 0) + (ofDay.valid[cell] ?? 0) + (ofDay.held[cell] ?? 0);
};

/** A span of any length; its weeks are those of the next longer one of {@link SPANS}. */
const spanOf = (days: number): Span => ({
  days,
  weeks: SPANS.find((span) => span.days >= days)?.weeks ?? 1,
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
