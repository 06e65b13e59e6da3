/** What the statistics must be: every live review counted anew, without knowing how they came about. */
import { DAY_MS } from './story.mjs';
import { courseTitleOf } from './ids.mjs';

const WINDOW_DAYS = 90;
const HALF_STARS = 10;

const emptyCount = (courses) => ({
  histograms: new Int32Array(courses * HALF_STARS),
  /** Of any review there ever was: a withdrawal does not make it forgotten. 0: none. */
  lastReviewAtMs: new Float64Array(courses),
});

const countWhere = (courses, reviews, isCounted) => {
  const count = emptyCount(courses);
  for (let review = 0; review < reviews.count; review++) {
    const createdAtMs = reviews.createdAtMs[review];
    if (!isCounted(createdAtMs)) continue;
    const course = reviews.course[review];
    const halfStars = reviews.halfStars[review];
    if (halfStars > 0) count.histograms[course * HALF_STARS + halfStars - 1] += 1;
    count.lastReviewAtMs[course] = Math.max(count.lastReviewAtMs[course], createdAtMs);
  }
  return count;
};

const presentCourses = (courses, reviews) => {
  const present = new Uint8Array(courses);
  for (let review = 0; review < reviews.count; review++) present[reviews.course[review]] = 1;
  return present;
};

/** The statistics of both topics after everything was counted on `day`. */
export const naiveStatistics = ({ courses, reviews, receipts, day }) => {
  const startMs = (day - WINDOW_DAYS + 1) * DAY_MS;
  const endMs = (day + 1) * DAY_MS;
  return {
    present: presentCourses(courses, reviews),
    'long-term-stats': { ...countWhere(courses, reviews, () => true), versions: receipts.allTime },
    'recent-stats': {
      ...countWhere(courses, reviews, (atMs) => startMs <= atMs && atMs < endMs),
      versions: receipts.recent,
    },
  };
};

/** All that a statistic consists of. */
export const EVERY_FIELD = ['lastReviewAtMs', 'courseTitle', 'version'];

/**
 * The first course whose statistic differs from the oracle's, in words; null when there is none.
 *
 * @param statisticOf the last statistic of a course by its number, or undefined
 * @param rules `fields`: what is compared besides the histogram; `missing`: `never`, or `when-empty` where a statistic without reviews
 *   may be left out
 */
export const difference = (expected, present, statisticOf, { fields, missing }) => {
  for (let course = 0; course < present.length; course++) {
    const actual = statisticOf(course);
    const wanted = wantedOf(expected, course);
    if (actual === undefined) {
      const isEmpty = wanted.histogram.every((count) => count === 0);
      if (present[course] === 1 && !(missing === 'when-empty' && isEmpty))
        return `course ${course} is missing`;
      continue;
    }
    if (present[course] === 0) return `course ${course} was never reviewed, but published`;
    const isSame =
      wanted.histogram.every((count, index) => count === actual.histogram[index]) &&
      fields.every((field) => wanted[field] === actual[field]);
    if (!isSame) return `course ${course}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(actual)}`;
  }
  return null;
};

const wantedOf = ({ histograms, lastReviewAtMs, versions }, course) => ({
  histogram: [...histograms.subarray(course * HALF_STARS, (course + 1) * HALF_STARS)],
  lastReviewAtMs: lastReviewAtMs[course] || null,
  courseTitle: courseTitleOf(course),
  version: versions[course],
});
