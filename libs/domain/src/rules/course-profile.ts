import type { EpochDay } from '../day.js';
import type { CourseMemory } from '../fraud-detector.js';
import { LENGTH_CLASSES, lengthClassOfCell, STAR_LEVELS, starLevelOfCell } from './cell.js';
import { bodyOf, newValue } from './remembered-bytes.js';

/** What a course was like before its recent days. */
export interface CourseProfile {
  /** Day of its first post; null when all reviews were imported. */
  readonly firstDay: EpochDay | null;
  /** Last day on which a review was posted; null when all were imported. */
  readonly day: EpochDay | null;
  /** Texts remembered so far; where the next one goes. */
  readonly textsRemembered: number;
  /** Counts each text that was remembered and each that replaced another: the order in which texts came. */
  readonly textOrder: number;
  /** Reviews by star level, in {@link PER_REVIEW}. */
  readonly stars: readonly number[];
  /** The same reviews by length class. */
  readonly lengths: readonly number[];
}

/** A held review counts in part, so counts are kept in sixteenths. */
export const PER_REVIEW = 16;

/**
 * Of how many reviews a profile consists at most; older ones fade. A course that changes is followed within these. Up to here
 * the order of imported rows does not matter; of more, those that come last in the file weigh most, whatever their dates.
 */
const MEMORY_REVIEWS = 80;
/** Weight of what is expected of any course, in reviews. */
const PRIOR_REVIEWS = 5;
/** Ratings on the web are J-shaped (Hu, Zhang, Pavlou 2009). */
const PRIOR_STARS = [0.175, 0.1125, 0.1375, 0.25, 0.325];
const PRIOR_LENGTHS = [0.25, 0.25, 0.25, 0.25];

const KEY = 'profile';
const NO_DAY = -0x80000000;
const COUNTS_AT = 16;
const BYTES = COUNTS_AT + 4 * (STAR_LEVELS + LENGTH_CLASSES);

export const newProfile = (): CourseProfile => ({
  firstDay: null,
  day: null,
  textsRemembered: 0,
  textOrder: 0,
  stars: PRIOR_STARS.map(() => 0),
  lengths: PRIOR_LENGTHS.map(() => 0),
});

/** Adds reviews of one cell. @param amount in {@link PER_REVIEW} */
export const learn = (profile: CourseProfile, cell: number, amount: number): CourseProfile => ({
  ...profile,
  stars: learnt(profile.stars, starLevelOfCell(cell), amount),
  lengths: learnt(profile.lengths, lengthClassOfCell(cell), amount),
});

/** How many reviews speak for the shares, what is expected of any course included. */
export const weightOf = ({ stars }: CourseProfile): number => sum(stars) / PER_REVIEW + PRIOR_REVIEWS;
/** Share of reviews that each star level has. */
export const starShares = ({ stars }: CourseProfile): readonly number[] => shares(stars, PRIOR_STARS);
/** Share of reviews that each length class has. */
export const lengthShares = ({ lengths }: CourseProfile): readonly number[] => shares(lengths, PRIOR_LENGTHS);

export const readProfile = (memory: CourseMemory): CourseProfile | undefined => {
  const body = bodyOf(memory.get(KEY));
  if (body?.byteLength !== BYTES) return undefined;
  const dayAt = (at: number): EpochDay | null => {
    const day = body.getInt32(at);
    return day === NO_DAY ? null : (day as EpochDay);
  };
  const countAt = (_: unknown, index: number): number => body.getUint32(COUNTS_AT + 4 * index);
  const counts = Array.from({ length: STAR_LEVELS + LENGTH_CLASSES }, countAt);
  return {
    firstDay: dayAt(0),
    day: dayAt(4),
    textsRemembered: body.getUint32(8),
    textOrder: body.getUint32(12),
    stars: counts.slice(0, STAR_LEVELS),
    lengths: counts.slice(STAR_LEVELS),
  };
};

export const writeProfile = (memory: CourseMemory, profile: CourseProfile): void => {
  const { value, body } = newValue(BYTES);
  body.setInt32(0, profile.firstDay ?? NO_DAY);
  body.setInt32(4, profile.day ?? NO_DAY);
  body.setUint32(8, profile.textsRemembered);
  body.setUint32(12, profile.textOrder);
  for (const [index, count] of [...profile.stars, ...profile.lengths].entries())
    body.setUint32(COUNTS_AT + 4 * index, count);
  memory.put(KEY, value);
};

const learnt = (counts: readonly number[], index: number, amount: number): readonly number[] => {
  const added = counts.map((count, at) => (at === index ? count + amount : count));
  const [total, limit] = [sum(added), MEMORY_REVIEWS * PER_REVIEW];
  return total <= limit ? added : added.map((count) => Math.floor((count * limit) / total));
};

const shares = (counts: readonly number[], prior: readonly number[]): readonly number[] => {
  const total = sum(counts) + PRIOR_REVIEWS * PER_REVIEW;
  return counts.map((count, index) => (count + PRIOR_REVIEWS * PER_REVIEW * (prior[index] ?? 0)) / total);
};

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
