import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countChange } from './course-tally.js';
import { emptyCourse, type CourseState } from './course-state.js';
import { addDays, DAY_MS, dayOf, type EpochDay, type EventTimeMs } from './day.js';
import { reviewCount } from './histogram.js';
import type { HalfStars } from './rating.js';
import { rollThrough, type StartedDay } from './roll-through.js';
import { nextChangeDay, rollTo } from './roll-to.js';

const CAMPAIGN = { numRuns: 1_000, seed: 1 };
const D = dayOf(Date.UTC(2026, 10, 21));

/** A course with reviews dated so many days before D, which is the day it was rolled to. */
const courseOf = (daysAgo: readonly number[]): CourseState =>
  daysAgo.reduce<CourseState>((course, days, offset) => {
    const createdAtMs = (addDays(D, -days) * DAY_MS) as EventTimeMs;
    const text = { imported: false, courseTitle: null, title: null, content: null };
    const after = { halfStars: 8 as HalfStars, createdAtMs, modifiedAtMs: createdAtMs, ...text };
    const counted = countChange(course, { before: null, after }, { offset, appendTimeMs: 0 });
    if (counted === null) throw new Error('impossible change');
    return counted;
  }, emptyCourse(D));

/** Days after D, started by the records at offsets 1,000, 1,001 … */
const started = (...daysAfter: readonly number[]): readonly StartedDay[] =>
  daysAfter.map((days, index) => ({
    day: addDays(D, days),
    receipt: { offset: 1_000 + index, appendTimeMs: days },
  }));

const daysAgo = fc.oneof(fc.constantFrom(-2, -1, 0, 1, 88, 89), fc.integer({ min: -3, max: 95 }));
const courses = fc.array(daysAgo, { maxLength: 8, size: 'max' }).map(courseOf);
const startedDays = fc
  .uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 40, size: 'max' })
  .map((days) => started(...days.sort((a, b) => a - b)));

const onDay = (course: CourseState, day: EpochDay): CourseState => ({ ...course, day });

describe('a course rolled through several started days', () => {
  it('has for each change the receipt of the day on which it shows', () => {
    //  1000: D+1 │ 1001: D+89 │ 1002: D+91              │ 1003: D+92
    //  in        │ in         │ D+90 was missed: out    │ nothing left to change
    const { recent } = rollThrough(courseOf([0]), started(1, 89, 91, 92));
    expect(reviewCount(recent.histogram)).toBe(0);
    expect(recent).toMatchObject({ version: 1_002, updatedAtMs: 91, day: addDays(D, 91) });
  });

  it('is what it was when none of them can change it', () => {
    const course = courseOf([0]);
    expect(rollThrough(course, started(1, 2, 89))).toBe(course);
  });

  it('is the course that was rolled to each of them in turn', () => {
    fc.assert(
      fc.property(courses, startedDays, (course, days) => {
        const inTurn = days.reduce((rolled, { day, receipt }) => rollTo(rolled, day, receipt), course);
        const through = rollThrough(course, days);
        expect(onDay(through, inTurn.day)).toEqual(inTurn);
      }),
      CAMPAIGN,
    );
  });

  it('is the same however the days are given', () => {
    fc.assert(
      fc.property(courses, startedDays, fc.nat(40), (course, days, cut) => {
        const inParts = rollThrough(rollThrough(course, days.slice(0, cut)), days.slice(cut));
        expect(inParts).toEqual(rollThrough(course, days));
      }),
      CAMPAIGN,
    );
  });

  it('needs no day before its next change', () => {
    fc.assert(
      fc.property(courses, startedDays, (course, days) => {
        const next = nextChangeDay(course);
        const needed = days.filter(({ day }) => next !== null && day >= next);
        expect(rollThrough(course, needed)).toEqual(rollThrough(course, days));
      }),
      CAMPAIGN,
    );
  });
});
