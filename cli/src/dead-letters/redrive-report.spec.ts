import { describe, expect, it } from '@jest/globals';
import { failuresIn, redriveReportJson, redriveReportLines, type RedriveReport } from './redrive-report.js';

const report: RedriveReport = new Map([
  ['0/1', 'redriven'],
  ['0/2', 'redriven'],
  ['1/5', 'already-redriven'],
  ['1/6', 'not-copied'],
]);

describe('the report of a redrive', () => {
  it('has a line for each letter that was named or could not be sent, and counts all', () => {
    expect(redriveReportLines(report, new Set(['1/5']))).toEqual([
      '1/5  already redriven',
      '1/6  cannot be redriven: its original was too large to be copied, and stands at its origin',
      'Letters: 2 redriven, 1 already redriven, 1 cannot be redriven.',
    ]);
  });

  it('says so when there was nothing to do', () => {
    expect(redriveReportLines(new Map(), new Set())).toEqual(['No letters to redrive: none.']);
  });

  it('has ids by outcome in JSON', () => {
    expect(redriveReportJson(report)).toMatchObject({
      redriven: ['0/1', '0/2'],
      'already-redriven': ['1/5'],
      unknown: [],
    });
  });

  it('is a failure only when somebody named a letter that could not be sent', () => {
    expect(failuresIn(report, new Set())).toBe(0);
    expect(failuresIn(report, new Set(['1/6', '0/1']))).toBe(1);
  });
});
