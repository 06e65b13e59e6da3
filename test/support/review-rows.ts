import { existsSync, readFileSync } from 'node:fs';

/** A row of a file to import. */
export interface ReviewRow {
  readonly courseId: string;
  readonly courseTitle: string;
  readonly userId: string;
  readonly rating: number;
  readonly createdAt: string;
  readonly content: string;
}

/** What a course must come to, by an oracle that is not the product. */
export interface ExpectedCourse {
  readonly courseId: string;
  readonly count: number;
  readonly halfStarCounts: readonly number[];
  readonly average: number | null;
  readonly lastReviewAt: string | null;
}

/** Rows with what they must come to. */
export interface ReviewFile {
  readonly description: string;
  readonly rows: readonly ReviewRow[];
  readonly expected: readonly ExpectedCourse[];
}

const REAL_ROWS = new URL('../../../shared/data/omscs-reviews.jsonl', import.meta.url);
const REAL_EXPECTED = new URL('../../../shared/data/omscs-expected.json', import.meta.url);

/** The real reviews where they are at hand, else generated ones of the same shape; the description says which. */
export const reviewFile = (): ReviewFile => {
  if (!existsSync(REAL_ROWS)) {
    const rows = generatedRows();
    return { description: `${rows.length} generated reviews`, rows, expected: expectedOf(rows) };
  }
  const rows = readFileSync(REAL_ROWS, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReviewRow);
  const expected = JSON.parse(readFileSync(REAL_EXPECTED, 'utf8')) as readonly ExpectedCourse[];
  return { description: `${rows.length} real reviews`, rows, expected };
};

/** Whether the API takes the row's rating. */
export const isAcceptable = ({ rating }: ReviewRow): boolean =>
  Number.isInteger(rating * 2) && rating >= 0.5 && rating <= 5;

/**
 * The later review of a user replaces the earlier one but keeps its date, so the oracle is a map.
 */
const expectedOf = (rows: readonly ReviewRow[]): readonly ExpectedCourse[] => {
  const live = new Map<string, ReviewRow>();
  for (const row of rows.filter(isAcceptable)) {
    const key = `${row.courseId}/${row.userId}`;
    live.set(key, { ...row, createdAt: live.get(key)?.createdAt ?? row.createdAt });
  }
  return [...new Set(rows.map(({ courseId }) => courseId))].map((courseId) => {
    const reviews = [...live.values()].filter((row) => row.courseId === courseId);
    const halfStarCounts = new Array<number>(10).fill(0);
    for (const { rating } of reviews)
      halfStarCounts[rating * 2 - 1] = (halfStarCounts[rating * 2 - 1] ?? 0) + 1;
    const sum = reviews.reduce((total, { rating }) => total + rating, 0);
    return {
      courseId,
      count: reviews.length,
      halfStarCounts,
      average: reviews.length === 0 ? null : sum / reviews.length,
      lastReviewAt:
        reviews
          .map(({ createdAt }) => createdAt)
          .sort()
          .at(-1) ?? null,
    };
  });
};

const COURSES = 88;
const ROWS = 8_473;

const generatedRows = (): readonly ReviewRow[] => {
  let seed = 1;
  // Lehmer's generator: small, and the same rows every time.
  const draw = (limit: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % limit;
  };
  const start = Date.UTC(2015, 0, 1);
  return Array.from({ length: ROWS }, (_, index) => {
    const course = draw(COURSES);
    return {
      courseId: `course-${course}`,
      courseTitle: `Course ${course}`,
      userId: `user-${draw(4_000)}`,
      rating: draw(12) === 0 ? -1 : 1 + draw(5),
      createdAt: new Date(start + index * 36_000_000).toISOString(),
      content: `Review ${index}. `.repeat(1 + draw(80)),
    };
  });
};
