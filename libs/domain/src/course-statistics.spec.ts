import { describe, expect, it } from '@jest/globals';
import { unpackBuckets } from './day-buckets.js';
import { DAY_MS, dayOf, type EpochDay, type EventTimeMs } from './day.js';
import { reviewCount } from './histogram.js';
import type { HalfStars } from './rating.js';
import type { PublishedReview } from './review-fact.js';
import { countChange } from './course-tally.js';
import { emptyCourse, sameNumbers, type CourseState } from './course-state.js';
import { type Receipt } from './receipt.js';
import { nextChangeDay, rollTo } from './roll-to.js';

const D = dayOf(Date.UTC(2026, 10, 21));

/** Noon of the day that lies some days after D. */
const noonOf = (days: number): EventTimeMs => ((D + days) * DAY_MS + DAY_MS / 2) as EventTimeMs;

const review = (createdAtMs: EventTimeMs, change: Partial<PublishedReview> = {}): PublishedReview => ({
  halfStars: 8 as HalfStars,
  createdAtMs,
  modifiedAtMs: createdAtMs,
  imported: false,
  courseTitle: null,
  title: null,
  content: null,
  ...change,
});

const receiptAt = (offset: number): Receipt => ({ offset, appendTimeMs: offset * 1_000 });

const counted = (
  course: CourseState,
  change: { readonly before?: PublishedReview; readonly after?: PublishedReview },
  offset = 0,
): CourseState => {
  const next = countChange(
    course,
    { before: change.before ?? null, after: change.after ?? null },
    receiptAt(offset),
  );
  if (next === null) throw new Error('impossible change');
  return next;
};

const rolled = (course: CourseState, days: number, offset = 0): CourseState =>
  rollTo(course, (D + days) as EpochDay, receiptAt(offset));

const recentCount = (course: CourseState): number => reviewCount(course.recent.histogram);
const allTimeCount = (course: CourseState): number => reviewCount(course.allTime.histogram);

describe('a review', () => {
  it('counts from the day it is dated to the 89th day after, and all the time', () => {
    //  written D │ D+1 ───────── D+89 │ D+90
    //         in │ in                 │ out
    const course = counted(emptyCourse(D), { after: review(noonOf(0)) });
    expect([0, 1, 89, 90, 91].map((days) => recentCount(rolled(course, days)))).toEqual([1, 1, 1, 0, 0]);
    expect(allTimeCount(rolled(course, 91))).toBe(1);
  });

  it('written in the last millisecond of a day leaves one day before one written a millisecond later', () => {
    //  D 23:59:59.999 │ 00:00 D+1 … D+89 │ D+90 │ D+91
    //              in │ in               │ one  │ none
    const midnight = ((D + 1) * DAY_MS) as EventTimeMs;
    const first = counted(emptyCourse(D), { after: review((midnight - 1) as EventTimeMs) });
    const both = counted(rolled(first, 1), { after: review(midnight) });
    expect([89, 90, 91].map((days) => recentCount(rolled(both, days)))).toEqual([2, 1, 0]);
  });

  it('that is late lands in its own day', () => {
    //  dated D-89, read on D: in for one more day │ D+1: out
    const course = counted(emptyCourse(D), { after: review(noonOf(-89)) });
    expect(recentCount(course)).toBe(1);
    expect(recentCount(rolled(course, 1))).toBe(0);
  });

  it('older than the window counts for all time only', () => {
    const course = counted(emptyCourse(D), { after: review(noonOf(-90)) });
    expect(recentCount(course)).toBe(0);
    expect(allTimeCount(course)).toBe(1);
    expect(unpackBuckets(course.buckets)).toEqual([]);
  });

  it('dated tomorrow counts for all time at once and enters the window on its day', () => {
    //  read on D │ D+1: enters ─ … ─ D+90 │ D+91: leaves
    const course = counted(emptyCourse(D), { after: review(noonOf(1)) });
    expect(allTimeCount(course)).toBe(1);
    expect([0, 1, 90, 91].map((days) => recentCount(rolled(course, days)))).toEqual([0, 1, 1, 0]);
  });

  it('never enters the window when the day jumps over all of it', () => {
    const course = counted(emptyCourse(D), { after: review(noonOf(1)) });
    const later = rolled(course, 91, 5);
    expect(recentCount(later)).toBe(0);
    expect(later.recent.version).toBe(course.recent.version);
  });

  it('written on a leap day counts for 90 days like any other', () => {
    const leapDay = dayOf(Date.UTC(2028, 1, 29));
    const course = counted(emptyCourse(leapDay), { after: review((leapDay * DAY_MS) as EventTimeMs) });
    const countOn = (date: string): number =>
      recentCount(rollTo(course, dayOf(Date.parse(date)), receiptAt(1)));
    expect(countOn('2028-05-28')).toBe(1);
    expect(countOn('2028-05-29')).toBe(0);
  });

  it('that is edited is counted once, on the day it was first written', () => {
    const before = review(noonOf(-89));
    const after = review(noonOf(-89), { halfStars: 2 as HalfStars, modifiedAtMs: noonOf(0) });
    const course = counted(counted(emptyCourse(D), { after: before }), { before, after });
    expect(course.recent.histogram).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(course.allTime.histogram).toEqual(course.recent.histogram);
    expect(recentCount(rolled(course, 1))).toBe(0);
  });

  it('that is withdrawn is gone from both statistics', () => {
    const before = review(noonOf(0));
    const course = counted(counted(emptyCourse(D), { after: before }), { before });
    expect([allTimeCount(course), recentCount(course)]).toEqual([0, 0]);
  });

  it('withdrawn after it left the window changes all-time only', () => {
    const before = review(noonOf(0));
    const old = rolled(counted(emptyCourse(D), { after: before }, 1), 90, 2);
    const course = counted(old, { before }, 3);
    expect(course.allTime.version).toBe(3);
    expect(course.recent).toEqual(old.recent);
  });

  it('withdrawn before its day came never enters the window', () => {
    const before = review(noonOf(1));
    const course = counted(counted(emptyCourse(D), { after: before }), { before });
    expect(recentCount(rolled(course, 1))).toBe(0);
  });

  it('that was never counted cannot be taken away', () => {
    const course = counted(emptyCourse(D), { after: review(noonOf(0)) });
    const never = review(noonOf(0), { halfStars: 1 as HalfStars });
    expect(countChange(course, { before: never, after: null }, receiptAt(1))).toBeNull();
  });

  it('cannot be taken away from a day on which it was not counted', () => {
    const course = counted(emptyCourse(D), { after: review(noonOf(-1)) });
    const both = counted(course, { after: review(noonOf(0), { halfStars: 1 as HalfStars }) });
    expect(countChange(both, { before: review(noonOf(0)), after: null }, receiptAt(1))).toBeNull();
  });
});

describe('the date of the last review', () => {
  it('of all time never goes back, not even when that review is withdrawn', () => {
    const last = review(noonOf(0));
    const course = counted(counted(emptyCourse(D), { after: review(noonOf(-5)) }), { after: last });
    expect(counted(course, { before: last }).allTime.lastReviewAtMs).toBe(noonOf(0));
  });

  it('of the window is the latest of its days, days whose reviews were all withdrawn included', () => {
    //  D-5 one review │ D one review, withdrawn │ D+89 │ D+90
    const last = review(noonOf(0));
    const both = counted(counted(emptyCourse(D), { after: review(noonOf(-5)) }), { after: last });
    const course = counted(both, { before: last });
    const lastOn = (days: number): number | null => rolled(course, days).recent.lastReviewAtMs;
    expect([0, 84, 85, 89].map(lastOn)).toEqual([noonOf(0), noonOf(0), noonOf(0), noonOf(0)]);
    expect(lastOn(90)).toBeNull();
  });

  it('of a day is its latest, whatever order its reviews were read in', () => {
    //  D: 12:00, then 11:00 is read │ D+1: rolled
    const earlier = review((noonOf(0) - DAY_MS / 24) as EventTimeMs);
    const course = counted(counted(emptyCourse(D), { after: review(noonOf(0)) }), { after: earlier });
    expect(rolled(course, 1).recent.lastReviewAtMs).toBe(noonOf(0));
  });

  it('of the window does not name a day yet to come', () => {
    const course = counted(counted(emptyCourse(D), { after: review(noonOf(0)) }), {
      after: review(noonOf(1)),
    });
    expect(course.allTime.lastReviewAtMs).toBe(noonOf(1));
    expect(course.recent.lastReviewAtMs).toBe(noonOf(0));
    expect(rolled(course, 1).recent.lastReviewAtMs).toBe(noonOf(1));
  });
});

describe('a version', () => {
  it('is the receipt of the fact that changed the statistic', () => {
    const course = counted(emptyCourse(D), { after: review(noonOf(0)) }, 7);
    expect([course.allTime, course.recent]).toEqual([
      expect.objectContaining({ version: 7, updatedAtMs: 7_000 }),
      expect.objectContaining({ version: 7, updatedAtMs: 7_000 }),
    ]);
  });

  it('comes with the first fact of a course for both statistics, be it too old for the window', () => {
    const course = counted(emptyCourse(D), { after: review(noonOf(-90)) }, 7);
    expect([course.allTime.version, course.recent.version]).toEqual([7, 7]);
  });

  it('stays for a statistic that a fact leaves alone', () => {
    const first = counted(emptyCourse(D), { after: review(noonOf(0)) }, 7);
    const course = counted(first, { after: review(noonOf(-90)) }, 8);
    expect([course.allTime.version, course.recent.version]).toEqual([8, 7]);
  });

  it('stays when an edit changes nothing that is counted', () => {
    const before = review(noonOf(0));
    const after = review(noonOf(0), { content: 'Better said', modifiedAtMs: noonOf(1) });
    const course = counted(counted(emptyCourse(D), { after: before }, 7), { before, after }, 8);
    expect([course.allTime.version, course.recent.version]).toEqual([7, 7]);
  });

  it('of the window is the day that let a review go; of all time it stays', () => {
    const course = counted(emptyCourse(D), { after: review(noonOf(0)) }, 7);
    expect(rolled(course, 89, 8).recent.version).toBe(7);
    const later = rolled(course, 90, 9);
    expect([later.allTime.version, later.recent.version]).toEqual([7, 9]);
    expect(later.recent.updatedAtMs).toBe(9_000);
  });
});

describe('the title of a course', () => {
  const imported = { imported: true };
  const titleAfter = (...reviews: Partial<PublishedReview>[]): string | null =>
    reviews.reduce(
      (course, change, index) => counted(course, { after: review(noonOf(0), change) }, index),
      emptyCourse(D),
    ).courseTitle;

  it.each([
    ['is unknown until someone says it', [{}], null],
    ['is the first one seen', [{}, { courseTitle: 'A' }], 'A'],
    ['stays when a learner says another', [{ courseTitle: 'A' }, { courseTitle: 'B' }], 'A'],
    ['is changed by an import', [{ courseTitle: 'A' }, { courseTitle: 'B', ...imported }], 'B'],
    ['stays when an import does not say it', [{ courseTitle: 'A' }, imported], 'A'],
  ])('%s', (_rule, reviews, title) => {
    expect(titleAfter(...reviews)).toBe(title);
  });

  it('is shown by both statistics, so renaming is news to both', () => {
    const first = counted(emptyCourse(D), { after: review(noonOf(-90), { courseTitle: 'A' }) }, 7);
    const renaming = review(noonOf(-90), { courseTitle: 'B', imported: true });
    const course = counted(first, { after: renaming }, 8);
    expect([course.allTime.version, course.recent.version]).toEqual([8, 8]);
  });
});

describe('rolling', () => {
  it('to the same day or back does nothing', () => {
    const course = counted(emptyCourse(D), { after: review(noonOf(0)) });
    expect(rolled(course, 0, 9)).toBe(course);
    expect(rolled(course, -1, 9)).toBe(course);
  });

  it('forgets days that have left the window', () => {
    const course = counted(emptyCourse(D), { after: review(noonOf(0)) });
    expect(unpackBuckets(rolled(course, 89).buckets)).toHaveLength(1);
    expect(unpackBuckets(rolled(course, 90).buckets)).toHaveLength(0);
  });

  it('is due next when the oldest day leaves or the first waiting day begins', () => {
    const waiting = counted(emptyCourse(D), { after: review(noonOf(1)) });
    expect(nextChangeDay(emptyCourse(D))).toBeNull();
    expect(nextChangeDay(counted(emptyCourse(D), { after: review(noonOf(-90)) }))).toBeNull();
    expect(nextChangeDay(counted(emptyCourse(D), { after: review(noonOf(0)) }))).toBe(D + 90);
    expect(nextChangeDay(waiting)).toBe(D + 1);
    expect(nextChangeDay(counted(waiting, { after: review(noonOf(-89)) }))).toBe(D + 1);
    expect(nextChangeDay(rolled(waiting, 1))).toBe(D + 91);
  });
});

describe('two statistics show the same', () => {
  it('when numbers and dates agree, whatever their receipts', () => {
    const after = review(noonOf(0));
    const a = counted(emptyCourse(D), { after }, 1).recent;
    expect(sameNumbers(a, counted(emptyCourse(D), { after }, 2).recent)).toBe(true);
    expect(sameNumbers(a, { ...a, lastReviewAtMs: noonOf(1) })).toBe(false);
    expect(sameNumbers(a, emptyCourse(D).recent)).toBe(false);
  });
});
