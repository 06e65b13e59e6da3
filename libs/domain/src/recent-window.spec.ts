import { describe, expect, it } from '@jest/globals';
import { addDays, DAY_MS, dayOf, toIsoDate, type EpochDay } from './day.js';
import { isRecent, WINDOW_DAYS, windowEndingOn } from './recent-window.js';

const D = dayOf(Date.UTC(2026, 10, 21));
const window = windowEndingOn(D);

describe('the recent window', () => {
  it('covers 90 days, today included', () => {
    expect(WINDOW_DAYS).toBe(90);
    expect(window).toEqual({ firstDay: D - 89, lastDay: D });
  });

  it('holds both its first and its last day, and nothing outside', () => {
    //  D-90 │ D-89 ─────────────── D │ D+1
    //   out │ ← the window, inclusive │ not yet
    const days = [-90, -89, 0, 1].map((days) => isRecent(addDays(D, days), window));
    expect(days).toEqual([false, true, true, false]);
  });

  it('lets a review go at the midnight that ends its 90th day', () => {
    //  written on D ─ … ─ 23:59:59.999 of D+89 │ 00:00 of D+90
    //                             still counted │ gone
    const lastMoment = (D + 90) * DAY_MS - 1;
    expect(isRecent(D, windowEndingOn(dayOf(lastMoment)))).toBe(true);
    expect(isRecent(D, windowEndingOn(dayOf(lastMoment + 1)))).toBe(false);
  });

  it('tells reviews apart that lie a millisecond before and after a midnight', () => {
    //  … 23:59:59.999 of D-90 │ 00:00 of D-89 … 23:59:59.999 of D │ 00:00 of D+1 …
    const firstMoment = window.firstDay * DAY_MS;
    const endMoment = (window.lastDay + 1) * DAY_MS;
    const isRecentAt = (timeMs: number): boolean => isRecent(dayOf(timeMs), window);
    expect([firstMoment - 1, firstMoment, endMoment - 1, endMoment].map(isRecentAt)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['2026-03-01', '2025-12-02'],
    ['2028-02-29', '2027-12-02'],
    ['2028-03-01', '2027-12-03'],
    ['2028-05-28', '2028-02-29'],
    ['2028-05-29', '2028-03-01'],
  ])('that ends on %s begins on %s: a leap day counts like any other', (lastDay, firstDay) => {
    expect(toIsoDate(windowEndingOn(dayOf(Date.parse(lastDay))).firstDay)).toBe(firstDay);
  });

  it('moves by exactly one day a day', () => {
    for (let day = D; day < D + 800; day = addDays(day, 1)) {
      const covered = Array.from({ length: 300 }, (_, index) => addDays(day, index - 200));
      expect(covered.filter((other) => isRecent(other, windowEndingOn(day)))).toHaveLength(WINDOW_DAYS);
    }
    expect(windowEndingOn((D + 1) as EpochDay).firstDay).toBe(window.firstDay + 1);
  });
});
