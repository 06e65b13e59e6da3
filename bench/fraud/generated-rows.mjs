/** Honest rows for a checkout without the data file: the same form, sizes and seasons, texts of made-up words. */
import { integerIn, oneOf, randomNamed, weighted } from './random.mjs';

const SEED = 'honest/1';
const COURSES = 36;
const LARGEST = 320;
const SMALLEST = 5;
/** How fast sizes fall from course to course. */
const HALVED_AFTER = 6;
const FIRST_DAY = Date.UTC(2016, 0, 1) / 86_400_000;
const DAYS = 3_000;
/** Weights of the twelve months: reviews come when terms end. */
const SEASON = [2, 1, 1, 2, 7, 2, 2, 5, 1, 1, 2, 7];
const SYLLABLES = 'ba de fi go hu ka le mi no pu ra se ti vo wu za che lin mar tos'.split(' ');
const WORDS = 1_500;

export const generatedRows = () => {
  const random = randomNamed(SEED);
  const words = Array.from({ length: WORDS }, () =>
    Array.from({ length: integerIn(random, 1, 4) }, () => oneOf(random, SYLLABLES)).join(''),
  );
  const rows = Array.from({ length: COURSES }, (_, course) => {
    const typical = 2.4 + random() * 2;
    return Array.from(
      { length: Math.max(SMALLEST, Math.round(LARGEST / 2 ** (course / HALVED_AFTER))) },
      () => ({
        courseId: `course-${course}`,
        courseTitle: `Course ${course}`,
        userId: `anon-${integerIn(random, 0, 1e9)}`,
        rating: ratingAround(random, typical),
        createdAt: new Date(dayIn(random) * 86_400_000).toISOString(),
        content: textOf(random, words),
      }),
    );
  }).flat();
  return rows.sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
};

const dayIn = (random) => {
  for (;;) {
    const day = FIRST_DAY + integerIn(random, 0, DAYS - 1);
    const month = new Date(day * 86_400_000).getUTCMonth();
    if (random() * Math.max(...SEASON) < SEASON[month]) return day;
  }
};

const ratingAround = (random, typical) =>
  weighted(
    random,
    [1, 2, 3, 4, 5].map((rating) => [rating, 1 / (0.6 + (rating - typical) ** 2)]),
  );

/** Words by Zipf's law, as in a language, in sentences. */
const textOf = (random, words) =>
  Array.from({ length: integerIn(random, 2, 12) }, () => {
    const sentence = Array.from({ length: integerIn(random, 5, 18) }, () => wordOf(random, words)).join(' ');
    return `${sentence[0].toUpperCase()}${sentence.slice(1)}.`;
  }).join(' ');

const wordOf = (random, words) => words[Math.floor(words.length ** random()) - 1];
