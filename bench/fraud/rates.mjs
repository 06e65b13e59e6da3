/** Rates from the counts of `measure.mjs`. Null where there is nothing to divide by. */

const STATISTICS = ['allTime', 'recent'];
/** Below this an attack moved the average so little, in stars, that a share of it says nothing. */
const NOTICEABLE = 0.01;
/** A course with fewer reviews would be the worst one with a single false positive. */
const MIN_REVIEWS_OF_WORST = 20;

const sumOf = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
const ratio = (part, whole) => (whole === 0 ? null : part / whole);
const meanOf = (numbers) => ratio(sumOf(numbers), numbers.length);
const cutOf = (left, whole) => (whole === 0 ? null : 1 - left / whole);
const distortionOf = ({ sum, days }) => ratio(sum, days);

/**
 * What a detector does to some attacks.
 *
 * Precision and recall are of all their reviews together. `distortion` is the mean over the attacks of each one's mean
 * difference in stars, over the attacks that have one with and without the detector. `cut`, the headline, is one minus
 * the ratio of these means; `meanCut` the mean of each attack's own cut.
 */
export const ratesOf = (measured, detectorName) => {
  const guarded = measured.map(({ results }) => results[detectorName]);
  const total = (name) => sumOf(guarded.map((result) => result[name]));
  return {
    attacks: measured.length,
    attackReviews: total('attackReviews'),
    precision: ratio(total('heldAttackReviews'), total('heldReviews')),
    recall: ratio(total('heldAttackReviews'), total('attackReviews')),
    meanRecall: meanOf(guarded.map((result) => result.heldAttackReviews / result.attackReviews)),
    ...Object.fromEntries(STATISTICS.map((name) => [name, distortionRates(measured, detectorName, name)])),
  };
};

const distortionRates = (measured, detectorName, name) => {
  const pairs = measured
    .map(({ results }) => ({
      with: distortionOf(results[detectorName][name]),
      without: distortionOf(results.none[name]),
    }))
    .filter((pair) => pair.with !== null && pair.without !== null);
  const noticeable = pairs.filter(({ without }) => without >= NOTICEABLE);
  const distortion = meanOf(pairs.map((pair) => pair.with));
  const undefended = meanOf(pairs.map((pair) => pair.without));
  return {
    attacks: pairs.length,
    distortion,
    undefended,
    cut: pairs.length === 0 ? null : cutOf(distortion, undefended),
    meanCut: meanOf(noticeable.map((pair) => cutOf(pair.with, pair.without))),
    daysLeftOut: sumOf(measured.map(({ results }) => results[detectorName][name].daysLeftOut)),
  };
};

/** False positives: honest live reviews, those held, of all, by year, and the worst course of some size. */
export const falsePositivesOf = (courses) => {
  const all = courses.flatMap(({ reviews }) => reviews);
  const years = Map.groupBy(all, ({ year }) => year);
  const [worst] = courses
    .filter(({ reviews }) => reviews.length >= MIN_REVIEWS_OF_WORST)
    .map(({ courseId, reviews }) => ({ courseId, ...heldShareOf(reviews) }))
    .sort((a, b) => b.share - a.share);
  return {
    ...heldShareOf(all),
    byYear: Object.fromEntries(
      [...years].sort(([a], [b]) => a - b).map(([year, of]) => [year, heldShareOf(of)]),
    ),
    worstCourse: worst ?? null,
  };
};

const heldShareOf = (reviews) => {
  const held = reviews.filter(({ isHeld }) => isHeld).length;
  return { reviews: reviews.length, held, share: ratio(held, reviews.length) };
};
