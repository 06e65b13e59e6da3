import { describe, expect, it } from '@jest/globals';
import type { Change } from '../verify/accounting/change.js';
import type { PublishedStatistic } from '../verify/published/published-statistic.js';
import type { Fact } from '../verify/read-change.js';
import { ExplainedCourse } from './explained-course.js';
import { explanation, explanationLines } from './explanation.js';

const DAY_MS = 86_400_000;
/** 2026-02-27. */
const DAY = 20_511;

const day = (offset: number, started: number): Fact => ({
  topic: 'day',
  offset,
  appendTimeMs: started * DAY_MS,
  causeOffset: offset,
  causeOrdinal: 0,
  day: started,
});

const review = (offset: number, user: string, stars: readonly [number | null, number | null]): Change => {
  const [before, after] = stars.map((star) =>
    star === null
      ? null
      : {
          halfStars: star * 2,
          createdAt: DAY * DAY_MS + 5,
          modifiedAt: DAY * DAY_MS + 5,
          imported: false,
          courseTitle: null,
        },
  );
  return {
    topic: 'valid',
    offset,
    appendTimeMs: DAY * DAY_MS + offset,
    causeOffset: offset,
    causeOrdinal: 1,
    reviewId: `review of ${user}`,
    courseId: 'bread-101',
    userId: user,
    before: before ?? null,
    after: after ?? null,
    textOffset: null,
  };
};

const FACTS: readonly Fact[] = [
  day(0, DAY),
  review(1, 'ada', [null, 4.5]),
  { ...review(2, 'zoe', [null, 1]), courseId: 'tea-7' },
  review(3, 'ben', [null, 2]),
  review(4, 'ada', [4.5, 4]),
  review(5, 'ben', [2, null]),
  day(6, DAY + 1),
  day(7, DAY + 90),
];

const published = (fields: Partial<PublishedStatistic>): PublishedStatistic => ({
  courseId: 'bread-101',
  scope: 'allTime',
  where: 'long-term-stats/0/3',
  version: 5,
  histogram: [0, 0, 0, 0, 0, 0, 0, 1, 0, 0],
  lastReviewAtMs: DAY * DAY_MS + 5,
  updatedAtMs: DAY * DAY_MS + 5,
  day: null,
  title: null,
  ...fields,
});

const explained = (facts: readonly Fact[], ...statistics: readonly PublishedStatistic[]): ExplainedCourse => {
  const course = new ExplainedCourse('bread-101', statistics);
  for (const fact of facts) course.take(fact);
  return course;
};

describe('the explanation of a course', () => {
  it('lists its facts, and the days that changed its recent statistic', () => {
    const { facts, total } = explanation('bread-101', 0, explained(FACTS), { limit: 50 });
    expect(facts.map(({ offset, what, user, changed }) => [offset, what, user, changed])).toEqual([
      [1, 'first', 'ada', ['all time', 'recent']],
      [3, 'first', 'ben', ['all time', 'recent']],
      [4, 'edit', 'ada', ['all time', 'recent']],
      [5, 'withdrawal or hold', 'ben', ['all time', 'recent']],
      [7, 'day started', null, ['recent']],
    ]);
    expect(total).toBe(5);
  });

  it('agrees when statistics are what their facts come to at their versions', () => {
    const recent = published({
      scope: 'recent',
      version: 7,
      histogram: new Array<number>(10).fill(0),
      lastReviewAtMs: null,
      updatedAtMs: (DAY + 90) * DAY_MS,
      day: DAY + 90,
    });
    const { agrees, statistics } = explanation('bread-101', 0, explained(FACTS, published({}), recent), {
      limit: 50,
    });
    expect(statistics.flatMap(({ differs }) => differs)).toEqual([]);
    expect(agrees).toBe(true);
  });

  it.each([
    ['another number', { histogram: [0, 0, 0, 0, 0, 0, 0, 2, 0, 0] }, 'reviews with 4 stars: 2, recounted 1'],
    ['a version of another course', { version: 2 }, 'version: 2, but that record did not change it'],
    ['a version that is no fact', { version: 99 }, 'version: 99 is no fact that is there'],
  ])('says what differs: %s', (_, fields, differs) => {
    const result = explanation('bread-101', 0, explained(FACTS, published(fields)), { limit: 50 });
    expect(result).toMatchObject({ agrees: false, statistics: [{ differs: [differs] }] });
    expect(explanationLines(result).at(-1)).toContain(`DIFFERS: ${differs}`);
  });

  it('shows what counts now, one user, or the newest only', () => {
    const early = explained(FACTS.slice(0, 7));
    const offsets = (choice: Parameters<typeof explanation>[3]): readonly number[] =>
      explanation('bread-101', 0, early, choice).facts.map(({ offset }) => offset);
    expect(offsets({ limit: 50, recent: true })).toEqual([1, 3, 4]);
    expect(offsets({ limit: 50, user: 'ben' })).toEqual([3, 5]);
    expect(offsets({ limit: 1 })).toEqual([5]);
    expect(explanationLines(explanation('bread-101', 0, early, { limit: 1 }))).toContain(
      '… and 3 older ones (--limit shows them)',
    );
  });
});
