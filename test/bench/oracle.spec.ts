import { describe, expect, it } from '@jest/globals';
import { difference, EVERY_FIELD, naiveStatistics } from '../../bench/workloads/oracle.mjs';

const DAY_MS = 86_400_000;
const DAY = 20_000;
const RULES = { fields: EVERY_FIELD, missing: 'never' } as const;

/** Course 0: five stars today, and ten half stars 90 days ago, which is out. Course 1: withdrawn. Course 2: nothing. */
const expected = naiveStatistics({
  courses: 3,
  day: DAY,
  reviews: {
    count: 3,
    course: Int32Array.of(0, 0, 1),
    halfStars: Uint8Array.of(5, 10, 0),
    createdAtMs: Float64Array.of(DAY * DAY_MS, (DAY - 90) * DAY_MS, DAY * DAY_MS),
  },
  receipts: { allTime: Int32Array.of(2, 4, -1), recent: Int32Array.of(1, 4, -1) },
});

const statistic = (histogram: readonly number[], version: number, course: number) => ({
  histogram,
  lastReviewAtMs: DAY * DAY_MS,
  courseTitle: `Course 00000000${course}`,
  version,
});

const recent = [
  statistic([0, 0, 0, 0, 1, 0, 0, 0, 0, 0], 1, 0),
  statistic([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 4, 1),
];

const differs = (statistics: readonly (typeof recent)[number][]): string | null =>
  difference(expected['recent-stats'], expected.present, (course) => statistics[course], RULES);

describe('the oracle of the benchmark', () => {
  it('counts what is live and in the window', () => {
    expect(differs(recent)).toBeNull();
    const allTime = [statistic([0, 0, 0, 0, 1, 0, 0, 0, 0, 1], 2, 0), ...recent.slice(1)];
    const of = (course: number) => allTime[course];
    expect(difference(expected['long-term-stats'], expected.present, of, RULES)).toBeNull();
  });

  it('finds a review counted once too often, and an older receipt', () => {
    expect(differs([statistic([0, 0, 0, 0, 2, 0, 0, 0, 0, 0], 1, 0), ...recent.slice(1)])).toMatch(
      /^course 0: expected/,
    );
    expect(differs([statistic([0, 0, 0, 0, 1, 0, 0, 0, 0, 0], 0, 0), ...recent.slice(1)])).toMatch(
      /^course 0: expected/,
    );
  });

  it('finds a course that is missing, and one that nobody reviewed', () => {
    expect(differs(recent.slice(0, 1))).toBe('course 1 is missing');
    expect(differs([...recent, statistic([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0, 2)])).toBe(
      'course 2 was never reviewed, but published',
    );
  });

  it('lets a statistic without reviews be left out where the rules say so', () => {
    const of = (course: number) => recent.slice(0, 1)[course];
    const rules = { ...RULES, missing: 'when-empty' } as const;
    expect(difference(expected['recent-stats'], expected.present, of, rules)).toBeNull();
  });
});
