/** What a detector does to one attack, and to honest rows. Plain counts and sums; rates are made in `rates.mjs`. */
import { reviewIdOf } from '../../dist/libs/contracts/src/index.js';
import { dayOf, WINDOW_DAYS } from '../../dist/libs/domain/src/index.js';
import { replayCourse } from './replay.mjs';

const STATISTICS = ['allTime', 'recent'];

/**
 * Each target course alone, honest and attack rows together, to its end. Distortion is told of the days from the first
 * attack row to 90 days after the last one.
 *
 * @param unguarded a detector that holds nothing: what would have been published without the attack
 * @returns by detector's name: attack rows, those held at the end, all reviews held, and per statistic the summed
 *   absolute differences of the average, in stars, with the days they are of and the days left out because the course
 *   had no average with or without the attack
 */
export const measureAttack = (attack, courses, detectors, unguarded) => {
  const times = attack.rows.map(({ createdAt }) => Date.parse(createdAt));
  const days = { first: dayOf(Math.min(...times)), last: dayOf(Math.max(...times)) + WINDOW_DAYS };
  const byCourse = Map.groupBy(attack.rows, ({ courseId }) => courseId);
  const honestOf = new Map(courses.map(({ courseId, rows }) => [courseId, rows]));
  const ofCourses = [...byCourse].map(([courseId, attackRows]) => {
    const honest = honestOf.get(courseId) ?? [];
    const { averages } = replayCourse(honest, unguarded, days);
    return { attackRows, rows: merged(honest, attackRows), expected: averages };
  });
  return Object.fromEntries(
    detectors.map((detector) => [
      detector.name,
      ofCourses.map((course) => judged(course, detector, days)).reduce(added),
    ]),
  );
};

/** The order of the log: by time, at the same instant the honest first. */
const merged = (honest, attackRows) =>
  [...honest, ...attackRows].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));

const judged = ({ attackRows, rows, expected }, detector, days) => {
  const { live, averages } = replayCourse(rows, detector, days);
  const attackIds = new Set(attackRows.map(({ courseId, userId }) => reviewIdOf(courseId, userId)));
  const heldIds = [...live].filter(([, { verdict }]) => verdict.kind === 'held').map(([id]) => id);
  return {
    attackReviews: attackIds.size,
    heldAttackReviews: heldIds.filter((id) => attackIds.has(id)).length,
    heldReviews: heldIds.length,
    ...Object.fromEntries(STATISTICS.map((name) => [name, differences(averages, expected, name)])),
  };
};

const differences = (averages, expected, name) => {
  const both = averages
    .map((day, index) => [day[name], expected[index][name]])
    .filter(([is, should]) => is !== null && should !== null);
  return {
    sum: both.reduce((sum, [is, should]) => sum + Math.abs(is - should), 0),
    days: both.length,
    daysLeftOut: averages.length - both.length,
  };
};

const added = (a, b) =>
  typeof a === 'number'
    ? a + b
    : Object.fromEntries(Object.keys(a).map((key) => [key, added(a[key], b[key])]));

/** @returns per course the live reviews at the end, as `{year, isHeld}`, when only honest rows come */
export const measureHonest = (courses, detector) =>
  courses.map(({ courseId, rows }) => ({
    courseId,
    reviews: [...replayCourse(rows, detector, null).live.values()].map(({ createdAtMs, verdict }) => ({
      year: new Date(createdAtMs).getUTCFullYear(),
      isHeld: verdict.kind === 'held',
    })),
  }));
