import { describe, expect, it } from '@jest/globals';
import { parseCourseId, parseRating, parseUserId } from '@reviews/domain';
import { demoCourses, type DemoCourse } from './demo-course.js';
import { demoHistory } from './demo-history.js';
import { randomOf } from './random.js';

const DAY_MS = 86_400_000;
const NOON_MS = Date.UTC(2026, 1, 28, 12);

const historyAt = (seed: number, nowMs: number) => {
  const random = randomOf(seed);
  const courses = demoCourses(random, 10) as readonly [DemoCourse, ...DemoCourse[]];
  return demoHistory(random, courses, nowMs);
};

describe('the history of a demo', () => {
  it('has twenty reviews a course', () => {
    expect(historyAt(1, NOON_MS)).toHaveLength(200);
  });

  it('is the same all day for the same seed, so that importing it twice changes nothing', () => {
    expect(historyAt(1, NOON_MS)).toEqual(historyAt(1, NOON_MS + DAY_MS / 3));
    expect(historyAt(2, NOON_MS)).not.toEqual(historyAt(1, NOON_MS));
  });

  it('lies in the 120 days before the last midnight, oldest first', () => {
    const midnightMs = NOON_MS - DAY_MS / 2;
    const times = historyAt(1, NOON_MS).map(({ createdAt }) => Date.parse(createdAt));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(midnightMs - 120 * DAY_MS);
    expect(times.at(-1)).toBeLessThan(midnightMs);
  });

  it('has nothing the API would refuse', () => {
    for (const row of historyAt(3, NOON_MS)) {
      expect(parseCourseId(row.courseId)).toBe(row.courseId);
      expect(parseUserId(row.userId)).toBe(row.userId);
      expect(parseRating(row.rating)).toBeDefined();
    }
  });
});
