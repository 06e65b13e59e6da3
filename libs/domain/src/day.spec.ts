import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, DAY_MS, dayOf, toIsoDate, type EpochDay } from './day.js';

const MIDNIGHT = Date.UTC(2026, 1, 28);

describe('a day', () => {
  it('begins at midnight UTC and ends a millisecond before the next', () => {
    //  2026-02-27 │ 2026-02-28 ──────────────── │ 2026-03-01
    //       −1 ms │ 0 ms … 86,399,999 ms        │ +86,400,000 ms
    const day = dayOf(MIDNIGHT);
    expect(dayOf(MIDNIGHT - 1)).toBe(day - 1);
    expect(dayOf(MIDNIGHT + DAY_MS - 1)).toBe(day);
    expect(dayOf(MIDNIGHT + DAY_MS)).toBe(day + 1);
  });

  it('is day 0 on 1970-01-01', () => {
    expect(dayOf(0)).toBe(0);
    expect(dayOf(-1)).toBe(-1);
    expect(toIsoDate(0 as EpochDay)).toBe('1970-01-01');
  });

  it.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2028-02-29', 1, '2028-03-01'],
    ['2000-02-28', 1, '2000-02-29'],
    ['2100-02-28', 1, '2100-03-01'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-03-01', -1, '2028-02-29'],
  ])('%s and %d days is %s', (date, days, expected) => {
    expect(toIsoDate(addDays(dayOf(Date.parse(date)), days))).toBe(expected);
  });

  it('is the one an RFC 3339 time names, at any instant', () => {
    const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(instants, (timeMs) => {
        expect(toIsoDate(dayOf(timeMs))).toBe(new Date(timeMs).toISOString().slice(0, 10));
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});
