import type { DemoCourse } from './demo-course.js';
import { integerBelow, oneOf, type Random } from './random.js';

/** A review somebody might write. */
export interface DemoReview {
  readonly courseId: string;
  readonly courseTitle: string;
  readonly userId: string;
  /** In stars. */
  readonly rating: number;
  readonly title: string;
  readonly content: string;
}

/** More learners than reviews, and few enough that some change their mind. */
const LEARNERS = 2_000;

const GOOD = [
  'Clear from the first week to the last',
  'The exercises made the difference',
  'I use what I learnt every day',
  'Worth every evening',
] as const;
const MIXED = [
  'Good lectures, thin exercises',
  'Starts well, ends in a hurry',
  'Useful, but bring time',
  'Fine for beginners',
] as const;
const BAD = [
  'More advertising than teaching',
  'Recordings you can hardly hear',
  'The last third is missing',
  'Not what the title promises',
] as const;
const DETAILS = [
  'The second assignment took me a whole weekend.',
  'The tutors answered within hours.',
  'I would have liked more worked examples.',
  'The reading list alone is a find.',
  'Half of the links no longer lead anywhere.',
  'The final project ties it all together.',
] as const;

export const demoReview = (random: Random, courses: readonly [DemoCourse, ...DemoCourse[]]): DemoReview => {
  const { courseId, courseTitle, typicalHalfStars } = oneOf(random, courses);
  // The mean of three spreads ratings like a bell around what is typical.
  const spread = integerBelow(random, 4) + integerBelow(random, 4) + integerBelow(random, 4) - 4;
  const halfStars = Math.min(10, Math.max(1, typicalHalfStars + spread));
  return {
    courseId,
    courseTitle,
    userId: `learner-${String(integerBelow(random, LEARNERS)).padStart(4, '0')}`,
    rating: halfStars / 2,
    title: oneOf(random, titlesFor(halfStars)),
    content: `${oneOf(random, DETAILS)} ${oneOf(random, DETAILS)}`,
  };
};

const titlesFor = (halfStars: number): typeof GOOD | typeof MIXED | typeof BAD => {
  if (halfStars >= 8) return GOOD;
  return halfStars >= 5 ? MIXED : BAD;
};
