import { describe, expect, it } from '@jest/globals';
import type { CourseStatistics } from './course-statistics.js';
import { statisticsTable } from './statistics-table.js';

const RATINGS = ['0.5', '1', '1.5', '2', '2.5', '3', '3.5', '4', '4.5', '5'];
const counts = (some: Record<string, number>): Record<string, number> => ({
  ...Object.fromEntries(RATINGS.map((rating) => [rating, 0])),
  ...some,
});

const statistics: CourseStatistics = {
  courseId: 'bread-101',
  courseTitle: 'Bread Chemistry',
  allTime: {
    count: 1_200,
    averageRating: 4.916666,
    halfStarCounts: counts({ '5': 1_000, '4.5': 200 }),
    lastReviewAt: '2026-02-28T10:00:00.000Z',
  },
  recent: {
    count: 0,
    averageRating: null,
    halfStarCounts: counts({}),
    lastReviewAt: null,
    windowDays: 90,
    windowStart: '2025-12-01',
    windowEnd: '2026-02-28',
  },
  updatedAt: '2026-02-28T10:00:00.123Z',
};

describe('the table of a course', () => {
  it('shows both statistics side by side, the best rating first', () => {
    expect(statisticsTable(statistics)).toEqual([
      'Bread Chemistry (bread-101)',
      '',
      '               all time  last 90 days',
      'reviews           1,200             0',
      'average            4.92             –',
      'last review  2026-02-28             –',
      '',
      '5.0 ★  1,000  0  ████████████████████',
      '4.5 ★    200  0  ████',
      '4.0 ★      0  0',
      '3.5 ★      0  0',
      '3.0 ★      0  0',
      '2.5 ★      0  0',
      '2.0 ★      0  0',
      '1.5 ★      0  0',
      '1.0 ★      0  0',
      '0.5 ★      0  0',
      '',
      'Days 2025-12-01 to 2026-02-28; last change 2026-02-28T10:00:00.123Z.',
    ]);
  });

  it('names a course without a title by its id', () => {
    expect(statisticsTable({ ...statistics, courseTitle: null })[0]).toBe('bread-101');
  });
});
