import { describe, expect, it } from '@jest/globals';
import { emptyHistogram } from '@reviews/domain';
import { lastOfEachCourse, type CourseStatistic } from './upsert-statistics.js';

const statistic = (courseId: string, version: number): CourseStatistic => ({
  courseId,
  courseTitle: null,
  histogram: emptyHistogram,
  lastReviewAtMs: null,
  version,
  updatedAtMs: 0,
  day: null,
});

describe('the rows of a batch', () => {
  it('are the last statistic of each course', () => {
    const rows = lastOfEachCourse([statistic('a', 1), statistic('b', 2), statistic('a', 3)]);
    expect(rows).toEqual([statistic('a', 3), statistic('b', 2)]);
  });

  it('are in one order for everybody, so that transactions do not wait for each other in a circle', () => {
    const courses = ['c', 'a', 'B', '10', '9'].map((courseId) => statistic(courseId, 1));
    const order = lastOfEachCourse(courses).map(({ courseId }) => courseId);
    expect(order).toEqual(lastOfEachCourse(courses.toReversed()).map(({ courseId }) => courseId));
    expect(order).toEqual(['10', '9', 'B', 'a', 'c']);
  });
});
