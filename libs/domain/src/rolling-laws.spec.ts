import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countChange } from './course-tally.js';
import { emptyCourse, sameNumbers, type CourseState } from './course-state.js';
import { addDays, DAY_MS, dayOf, type EpochDay, type EventTimeMs } from './day.js';
import type { HalfStars } from './rating.js';
import type { Receipt } from './receipt.js';
import { nextChangeDay, rollTo } from './roll-to.js';

const CAMPAIGN = { numRuns: 1_000, seed: 1 };
const FIRST_DAY = dayOf(Date.UTC(2027, 11, 1));
const RECEIPT: Receipt = { offset: 1_000_000, appendTimeMs: 0 };

interface DatedReview {
  readonly halfStars: number;
  readonly daysAgo: number;
  readonly isWithdrawn: boolean;
}

const reviews: fc.Arbitrary<readonly DatedReview[]> = fc.array(
  fc.record({
    halfStars: fc.integer({ min: 1, max: 10 }),
    daysAgo: fc.oneof(fc.constantFrom(-2, -1, 0, 88, 89, 90), fc.integer({ min: -30, max: 100 })),
    isWithdrawn: fc.boolean(),
  }),
  { maxLength: 20, size: 'max' },
);
const courses = reviews.map((drawn) => drawn.reduce(counted, emptyCourse(FIRST_DAY)));

describe('rolling', () => {
  it('over many days at once gives the numbers of rolling day by day', () => {
    fc.assert(
      fc.property(courses, fc.integer({ min: 1, max: 200 }), (course, days) => {
        let dayByDay = course;
        for (let i = 1; i <= days; i++) dayByDay = rollTo(dayByDay, addDays(course.day, i), RECEIPT);
        const atOnce = rollTo(course, addDays(course.day, days), RECEIPT);
        expect(sameNumbers(atOnce.recent, dayByDay.recent)).toBe(true);
        expect(atOnce.buckets).toEqual(dayByDay.buckets);
      }),
      CAMPAIGN,
    );
  });

  it('changes nothing before the next day of change', () => {
    fc.assert(
      fc.property(courses, (course) => {
        const changeDay = nextChangeDay(course) ?? addDays(course.day, 500);
        const quietDays = Array.from({ length: changeDay - course.day - 1 }, (_, i) =>
          addDays(course.day, i + 1),
        );
        const isQuiet = (day: EpochDay): boolean =>
          sameNumbers(rollTo(course, day, RECEIPT).recent, course.recent);
        expect(changeDay).toBeGreaterThan(course.day);
        expect(quietDays.every(isQuiet)).toBe(true);
      }),
      CAMPAIGN,
    );
  });
});

function counted(course: CourseState, { halfStars, daysAgo, isWithdrawn }: DatedReview): CourseState {
  const createdAtMs = ((FIRST_DAY - daysAgo) * DAY_MS) as EventTimeMs;
  const review = { halfStars: halfStars as HalfStars, createdAtMs, modifiedAtMs: createdAtMs };
  const after = { ...review, imported: false, courseTitle: null, title: null, content: null };
  const added = countChange(course, { before: null, after }, RECEIPT);
  const left =
    isWithdrawn && added !== null ? countChange(added, { before: review, after: null }, RECEIPT) : added;
  if (left === null) throw new Error('a review that was counted cannot be taken away');
  return left;
}
