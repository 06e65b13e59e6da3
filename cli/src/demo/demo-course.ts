import { integerBelow, oneOf, type Random } from './random.js';

/** A made-up course, and what learners tend to think of it. */
export interface DemoCourse {
  readonly courseId: string;
  readonly courseTitle: string;
  /** Half stars most ratings are close to, 1 to 10. */
  readonly typicalHalfStars: number;
}

const SUBJECTS = [
  'Bread Chemistry',
  'Tidal Energy',
  'Medieval Cartography',
  'Type Systems',
  'Bird Song',
  'Bridge Design',
  'Queueing Theory',
  'Glaciers',
  'Puppet Theatre',
  'Soil Science',
  'Compiler Construction',
  'Clock Making',
  'Sign Languages',
  'Orchid Growing',
  'Numerical Weather',
  'Dry Stone Walls',
] as const;

const FORMS = [
  'Introduction to',
  'Practical',
  'Advanced',
  'A Short History of',
  'The Mathematics of',
] as const;

/** Invented courses, each with its own typical rating. */
export const demoCourses = (random: Random, count: number): readonly DemoCourse[] =>
  Array.from({ length: count }, (_, index) => ({
    courseId: `demo-${String(index + 1).padStart(3, '0')}`,
    courseTitle: `${oneOf(random, FORMS)} ${oneOf(random, SUBJECTS)}`,
    typicalHalfStars: 4 + integerBelow(random, 6),
  }));
