/** The courses an attacker can choose from, with what a site shows of them: history and texts. */
import { oneOf, someOf } from './random.mjs';

const DAY_MS = 86_400_000;
/** With fewer honest reviews there is hardly an average to distort. */
const MIN_REVIEWS = 4;
const SIZES = { small: [MIN_REVIEWS, 20], medium: [21, 100], large: [101, Infinity] };
export const SIZE_NAMES = Object.keys(SIZES);
/** Anywhere in a course's history, or where it is busy: at the end of a term. */
export const PLACEMENTS = ['anywhere', 'peak'];
const STOLEN_LENGTH = { min: 60, max: 900 };
const LENDERS = 12;

const isOnSide = (side, { rating }) => (side === 'praise' ? rating >= 4 : rating <= 2);
const isBetween = ({ min, max }, { length }) => length >= min && length <= max;

/**
 * The targets of a split. Courses are dealt to the two splits in turn, the largest first, so that both have all sizes
 * and none is in both.
 */
export const targetsOf = (courses, splitName) =>
  [...courses]
    .filter(({ rows }) => rows.length >= MIN_REVIEWS)
    .sort((a, b) => b.rows.length - a.rows.length || (a.courseId < b.courseId ? -1 : 1))
    .filter((_, index) => [0, 3].includes(index % 4) === (splitName === 'tuning'));

export const sizeOf = ({ rows }) =>
  SIZE_NAMES.find((name) => rows.length >= SIZES[name][0] && rows.length <= SIZES[name][1]) ?? 'small';

/** When an attack on a course begins: after its third honest review, at a random hour. */
export const startOf = (random, { rows }, placement) => {
  const [from, to] = [rows[2].timeMs, rows.at(-1).timeMs];
  const chosen =
    placement === 'anywhere'
      ? from + random() * (to - from)
      : oneOf(random, busiest(rows)).timeMs - Math.floor(random() * 4) * DAY_MS;
  return Math.round(Math.max(from, chosen) + random() * DAY_MS);
};

/** The tenth of the rows with the most others within a week. */
const busiest = (rows) =>
  rows
    .map((row) => ({
      ...row,
      neighbours: rows.filter(({ timeMs }) => Math.abs(timeMs - row.timeMs) <= 7 * DAY_MS).length,
    }))
    .sort((a, b) => b.neighbours - a.neighbours)
    .slice(0, Math.ceil(rows.length / 10));

/** Whether a course was already and still rated at that time. */
export const isRatedAt = ({ rows }, timeMs) => rows[2].timeMs <= timeMs && timeMs <= rows.at(-1).timeMs;

/** A target with what the families ask of it. Texts of the data file are only mixed in while the program runs. */
export const asTarget = (random, course, courses, phrases) => {
  const lenders = someOf(
    random,
    courses.filter(({ courseId }) => courseId !== course.courseId),
    LENDERS,
  );
  return {
    courseId: course.courseId,
    courseTitle: course.courseTitle,
    writingFor: (side) => ({
      phrases: phrases[side],
      title: course.courseTitle,
      borrowed: lenders.flatMap(({ rows }) =>
        rows.filter((row) => isOnSide(side, row)).flatMap(({ sentences }) => sentences),
      ),
    }),
    textsBefore: (side, timeMs) =>
      course.rows
        .filter((row) => row.timeMs < timeMs && isOnSide(side, row))
        .map(({ content }) => content ?? '')
        .filter((text) => isBetween(STOLEN_LENGTH, text)),
  };
};
