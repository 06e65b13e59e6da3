import { addDays, type EpochDay } from '../day.js';
import { type BurstEvidence, evidenceUntil, type Side, strongestEvidence } from './burst-evidence.js';
import { CELLS, lengthClassOfCell, NEUTRAL_LEVEL, starLevelOfCell } from './cell.js';
import { type CourseProfile, lengthShares, starShares } from './course-profile.js';
import type { CourseHistory } from './expected-reviews.js';
import type { RulesThresholds } from './rules-thresholds.js';

/** What a review's course looks like with that review in it. */
export interface BurstFinding {
  readonly decibans: number;
  /** The burst the review is part of, or null. */
  readonly burst: Burst | null;
}

/** The reviews that belong to a burst: those of some cells since a day. */
export interface Burst {
  readonly firstDay: EpochDay;
  readonly includes: (cell: number) => boolean;
  /** How many of these would have come without it. */
  readonly usual: number;
}

/** A cell is part of a burst when it has so many times what is expected, and one more. */
const EXCESS = 3;

/** The sides a review of that cell can be on; three stars may be the mild part of either. */
const sidesOf = (cell: number): readonly Side[] => {
  const level = starLevelOfCell(cell);
  if (level === NEUTRAL_LEVEL) return ['praise', 'blame'];
  return level > NEUTRAL_LEVEL ? ['praise'] : ['blame'];
};

/** Whether a review just counted on the last recent day is part of a burst. @param cell of that review */
export const findBurst = (
  history: CourseHistory,
  cell: number,
  thresholds: RulesThresholds,
): BurstFinding => {
  const evidence = strongestEvidence(history, sidesOf(cell), thresholds);
  if (evidence === undefined) return { decibans: 0, burst: null };
  const { decibans, firstDay } = evidence;
  if (decibans < thresholds.burstMinDecibans) return { decibans, burst: null };
  const cells = excessCells(history, evidence);
  if (!cells.has(cell) || !goesOn(history, evidence, cells, thresholds)) return { decibans, burst: null };
  const usual = evidence.expected.usual * shareOf(history, cells);
  return { decibans, burst: { firstDay, includes: (other) => cells.has(other), usual } };
};

/**
 * The cells that have more than their share. In a burst of silent five stars the long reviews of the same days, and
 * five stars that come as often as ever, are left alone.
 */
const excessCells = (
  { profile }: CourseHistory,
  { group, counts, expected }: BurstEvidence,
): ReadonlySet<number> => {
  const shares = cellShares(profile);
  const isExcess = (levels: readonly number[], lengthClass: number): boolean => {
    let [count, share] = [0, 0];
    for (let cell = 0; cell < CELLS; cell++) {
      if (!levels.includes(starLevelOfCell(cell)) || lengthClassOfCell(cell) !== lengthClass) continue;
      count += counts[cell] ?? 0;
      share += shares[cell] ?? 0;
    }
    return count >= EXCESS * expected.ordinary * share + 1;
  };
  const cells = new Set<number>();
  for (let cell = 0; cell < CELLS; cell++) {
    const level = starLevelOfCell(cell);
    const lengthClass = lengthClassOfCell(cell);
    if (!sidesOf(cell).includes(group.side)) continue;
    if (
      isExcess([level], lengthClass) ||
      (group.levels.includes(level) && isExcess(group.levels, lengthClass))
    )
      cells.add(cell);
  }
  return cells;
};

const shareOf = ({ profile }: CourseHistory, cells: ReadonlySet<number>): number =>
  cellShares(profile).reduce((total, share, cell) => (cells.has(cell) ? total + share : total), 0);

const cellShares = (profile: CourseProfile): readonly number[] => {
  const stars = starShares(profile);
  const lengths = lengthShares(profile);
  return stars.flatMap((ofStars) => lengths.map((ofLength) => ofStars * ofLength));
};

/**
 * Whether today's review makes the evidence no weaker than it was on the last day before that had one like it. When a
 * burst is over, the quiet time since then speaks against it.
 */
const goesOn = (
  history: CourseHistory,
  evidence: BurstEvidence,
  cells: ReadonlySet<number>,
  thresholds: RulesThresholds,
): boolean => {
  const { days, today } = history;
  const inBurst = (day: EpochDay): number => {
    let count = 0;
    const ofDay = days.get(day);
    for (const cell of cells) count += (ofDay?.valid[cell] ?? 0) + (ofDay?.held[cell] ?? 0);
    return count;
  };
  if (inBurst(today) > 1) return true;
  let last = addDays(today, -1);
  while (last >= evidence.firstDay && inBurst(last) === 0) last = addDays(last, -1);
  if (last < evidence.firstDay) return true;
  const before = evidenceUntil(history, evidence, last, thresholds);
  return before === undefined || evidence.decibans >= before.decibans;
};
