import { describe, expect, it } from '@jest/globals';
import { dayOf, type EpochDay, type EventTimeMs, type Statistic } from '@reviews/domain';
import type { StoredCourseStatistics } from '@reviews/read-model';
import { toCourseStatistics } from './to-course-statistics.js';

const timeOf = (text: string): EventTimeMs => Date.parse(text) as EventTimeMs;
const day = (text: string): EpochDay => dayOf(timeOf(`${text}T00:00:00Z`));

const statistic = (change: Partial<Statistic> = {}): Statistic => ({
  //           0.5 1 1.5 2 2.5 3 3.5 4 4.5 5
  histogram: [1, 2, 0, 0, 0, 0, 0, 1, 3, 4],
  lastReviewAtMs: timeOf('2026-02-27T10:00:00.250Z'),
  version: 41,
  updatedAtMs: timeOf('2026-02-28T12:00:00Z'),
  ...change,
});

const stored = (change: Partial<StoredCourseStatistics> = {}): StoredCourseStatistics => ({
  courseId: 'ts-101',
  courseTitle: 'TypeScript',
  allTime: statistic(),
  recent: { ...statistic({ version: 40 }), day: day('2026-02-28') },
  ...change,
});

describe('the statistics of a course', () => {
  it('show every rating, every star, and the mean as it is', () => {
    const statistics = toCourseStatistics(stored(), day('2026-02-28'));
    expect(statistics?.allTime).toEqual({
      count: 11,
      averageRating: (0.5 + 2 + 4 + 13.5 + 20) / 11,
      halfStarCounts: {
        ...{ '0.5': 1, '1': 2, '1.5': 0, '2': 0, '2.5': 0 },
        ...{ '3': 0, '3.5': 0, '4': 1, '4.5': 3, '5': 4 },
      },
      starCounts: { '0': 1, '1': 2, '2': 0, '3': 0, '4': 4, '5': 4 },
      lastReviewAt: '2026-02-27T10:00:00.250Z',
      version: 41,
    });
    expect(statistics).toMatchObject({ courseId: 'ts-101', courseTitle: 'TypeScript' });
  });

  it.each([
    ['the last one of the row, when the partition is not done with it', '2026-02-28', '2026-02-27'],
    ['the one of the partition, when the course did not change since', '2026-01-15', '2026-02-28'],
    ['the one of the row, when the partition says nothing', '2026-02-28', null],
  ])('end with a day: %s', (_which, rowDay, partitionDay) => {
    const statistics = toCourseStatistics(
      stored({ recent: { ...statistic(), day: day(rowDay) } }),
      partitionDay === null ? null : day(partitionDay),
    );
    // 2025-12-01 ───── 90 days ───── 2026-02-28, both inclusive
    expect(statistics?.recent).toMatchObject({
      windowDays: 90,
      windowStart: '2025-12-01',
      windowEnd: '2026-02-28',
    });
  });

  it('end with the day they were written on, before any window is known', () => {
    const noRecent = { ...statistic({ version: -1, updatedAtMs: 0 }), day: null };
    expect(toCourseStatistics(stored({ recent: noRecent }), null)?.recent.windowEnd).toBe('2026-02-28');
  });

  it('were updated when the later of the two was', () => {
    const later = timeOf('2026-03-01T00:00:01Z');
    const recent = { ...statistic({ updatedAtMs: later }), day: day('2026-03-01') };
    expect(toCourseStatistics(stored({ recent }), null)?.updatedAt).toBe('2026-03-01T00:00:01.000Z');
    expect(toCourseStatistics(stored(), null)?.updatedAt).toBe('2026-02-28T12:00:00.000Z');
  });

  it('of a course whose reviews were all withdrawn are zero, not missing', () => {
    const nothing = statistic({ histogram: new Array<number>(10).fill(0) });
    const statistics = toCourseStatistics(stored({ allTime: nothing }), null);
    expect(statistics?.allTime).toMatchObject({
      count: 0,
      averageRating: null,
      lastReviewAt: '2026-02-27T10:00:00.250Z',
    });
  });

  it('do not exist while no review was ever valid', () => {
    const never = statistic({ histogram: new Array<number>(10).fill(0), lastReviewAtMs: null });
    expect(toCourseStatistics(stored({ allTime: never }), null)).toBeUndefined();
  });
});
