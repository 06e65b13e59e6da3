import { describe, expect, it } from '@jest/globals';
import { countChange } from './course-tally.js';
import { emptyCourse, type CourseState } from './course-state.js';
import { packBuckets, unpackBuckets } from './day-buckets.js';
import { addDays, DAY_MS, dayOf, type EventTimeMs } from './day.js';
import { reviewCount } from './histogram.js';
import type { HalfStars } from './rating.js';
import type { PublishedReview } from './review-fact.js';
import { nextChangeDay, rollTo } from './roll-to.js';

const D = dayOf(Date.UTC(2026, 10, 21));
const RECEIPT = { offset: 1, appendTimeMs: 0 };

const at = (time: string): EventTimeMs => Date.parse(time) as EventTimeMs;

const review = (createdAtMs: EventTimeMs, halfStars = 10): PublishedReview => ({
  halfStars: halfStars as HalfStars,
  createdAtMs,
  modifiedAtMs: createdAtMs,
  imported: true,
  courseTitle: null,
  title: null,
  content: null,
});

const counted = (
  course: CourseState,
  before: PublishedReview | null,
  after: PublishedReview | null,
): CourseState => {
  const next = countChange(course, { before, after }, RECEIPT);
  if (next === null) throw new Error('impossible change');
  return next;
};

const recentOn = (course: CourseState, daysAfterD: number): number =>
  reviewCount(rollTo(course, addDays(D, daysAfterD), RECEIPT).recent.histogram);

describe('on D, 2026-11-21, when the window is 2026-08-24 to 2026-11-21', () => {
  //        D-90 │ D-89 ─────────── D │ D+1
  //  23:59.999  │ 00:00    23:59.999 │ 00:00
  it.each([
    ['the last millisecond of D-90', '2026-08-23T23:59:59.999Z', [0, 0]],
    ['the first of D-89', '2026-08-24T00:00:00.000Z', [1, 0]],
    ['the last of D-89', '2026-08-24T23:59:59.999Z', [1, 0]],
    ['the first of D-88', '2026-08-25T00:00:00.000Z', [1, 1]],
    ['the last of D-1', '2026-11-20T23:59:59.999Z', [1, 1]],
    ['the first of D', '2026-11-21T00:00:00.000Z', [1, 1]],
    ['the last of D', '2026-11-21T23:59:59.999Z', [1, 1]],
    ['the first of D+1', '2026-11-22T00:00:00.000Z', [0, 1]],
    ['the last of D+1', '2026-11-22T23:59:59.999Z', [0, 1]],
    ['the first of D+2', '2026-11-23T00:00:00.000Z', [0, 0]],
  ])('a review of %s counts as it must today and tomorrow', (_when, time, expected) => {
    const course = counted(emptyCourse(D), null, review(at(time)));
    expect([0, 1].map((days) => recentOn(course, days))).toEqual(expected);
    expect(reviewCount(course.allTime.histogram)).toBe(1);
    const gone = counted(rollTo(course, addDays(D, 1), RECEIPT), review(at(time)), null);
    expect([gone.allTime, gone.recent].map(({ histogram }) => reviewCount(histogram))).toEqual([0, 0]);
  });
});

describe('a review dated far ahead', () => {
  //  read on D │ … nothing … │ D+200: enters ─ D+289 │ D+290: gone
  const ahead = review((addDays(D, 200) * DAY_MS) as EventTimeMs);
  const course = counted(emptyCourse(D), null, ahead);

  it('waits for its day, however the days pass until then', () => {
    expect([0, 199, 200, 289, 290].map((days) => recentOn(course, days))).toEqual([0, 0, 1, 1, 0]);
    expect(nextChangeDay(course)).toBe(D + 200);
    expect(nextChangeDay(rollTo(course, addDays(D, 250), RECEIPT))).toBe(D + 290);
  });

  it('is the last review of all time at once, of the window from its day on', () => {
    expect(course.allTime.lastReviewAtMs).toBe(ahead.createdAtMs);
    const lastOn = (days: number): number | null =>
      rollTo(course, addDays(D, days), RECEIPT).recent.lastReviewAtMs;
    expect([199, 200, 289, 290].map(lastOn)).toEqual([null, ahead.createdAtMs, ahead.createdAtMs, null]);
  });

  it('can be edited and withdrawn while it waits', () => {
    const edited = review(ahead.createdAtMs, 1);
    expect(rollTo(counted(course, ahead, edited), addDays(D, 200), RECEIPT).recent.histogram[0]).toBe(1);
    expect(recentOn(counted(course, ahead, null), 200)).toBe(0);
  });
});

describe('29 February', () => {
  //  2028-02-29 ──── 90 days ──── 2028-05-28 │ 05-29
  //  2027-02-28 ──── 90 days ──── 2027-05-28 │ 05-29: no day is missing in a year without it
  it.each([
    ['2028-02-28', '2028-05-27', '2028-05-28'],
    ['2028-02-29', '2028-05-28', '2028-05-29'],
    ['2028-03-01', '2028-05-29', '2028-05-30'],
    ['2027-02-28', '2027-05-28', '2027-05-29'],
    ['2027-03-01', '2027-05-29', '2027-05-30'],
    ['2027-12-02', '2028-02-29', '2028-03-01'],
  ])('a review of %s counts on %s for the last time, and not on %s', (written, last, gone) => {
    const createdAtMs = at(`${written}T12:00:00.000Z`);
    const course = counted(emptyCourse(dayOf(createdAtMs)), null, review(createdAtMs));
    const countOn = (date: string): number =>
      reviewCount(rollTo(course, dayOf(Date.parse(date)), RECEIPT).recent.histogram);
    expect([countOn(last), countOn(gone)]).toEqual([1, 0]);
  });
});

/** What the state's codec can keep. */
const MOST = 2 ** 53 - 2;

describe('a count', () => {
  it('is exact up to 2^53 - 2, in all-time, window and bucket, and on the way back; one more is refused', () => {
    const one = review((D * DAY_MS) as EventTimeMs);
    const first = counted(emptyCourse(D), null, one);
    const many = (count: number): CourseState => {
      const histogram = [0, 0, 0, 0, 0, 0, 0, 0, 0, count];
      return {
        ...first,
        allTime: { ...first.allTime, histogram },
        recent: { ...first.recent, histogram },
        buckets: packBuckets(unpackBuckets(first.buckets).map((bucket) => ({ ...bucket, histogram }))),
      };
    };
    const full = counted(many(MOST - 1), null, one);
    const countsOf = ({ allTime, recent, buckets }: CourseState): readonly number[] =>
      [allTime, recent, ...unpackBuckets(buckets)].map(({ histogram }) => reviewCount(histogram));
    expect(countsOf(full)).toEqual(new Array(3).fill(MOST));
    expect(countsOf(counted(full, one, null))).toEqual(new Array(3).fill(MOST - 1));
    expect(recentOn(full, 89)).toBe(MOST);
    expect(recentOn(full, 90)).toBe(0);
    expect(countChange(full, { before: null, after: one }, RECEIPT)).toBeNull();
  });
});
