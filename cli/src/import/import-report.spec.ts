import { describe, expect, it } from '@jest/globals';
import type { ImportAnswer } from './import-answer.js';
import { EMPTY_REPORT, reportJson, reportLines, withAnswer } from './import-report.js';

const refused = (line: number, field: string | null, reason: string): ImportAnswer => ({
  kind: 'refused',
  row: { line, field, reason },
});
const end = (accepted: number, count: number): ImportAnswer => ({
  kind: 'end',
  end: { accepted, refused: count, complete: true },
});
const reportOf = (...answers: readonly ImportAnswer[]) => answers.reduce(withAnswer, EMPTY_REPORT);

describe('the report of an import', () => {
  it('is one line when every row was accepted', () => {
    expect(reportLines(reportOf(end(8_473, 0)))).toEqual(['8,473 accepted, 0 refused.']);
  });

  it('counts refused rows by reason, the most frequent first, and names the first five', () => {
    const rows = [1, 2, 3, 4, 5, 6].map((line) => refused(line, 'rating', 'rating must be a number'));
    const report = reportOf(refused(0, null, 'the line is not a JSON object'), ...rows, end(10, 7));
    expect(reportLines(report)).toEqual([
      '10 accepted, 7 refused.',
      '',
      'Refused:',
      '  6  rating must be a number',
      '  1  the line is not a JSON object',
      '',
      'The first of them:',
      '  row 0: the line is not a JSON object',
      '  row 1: rating must be a number',
      '  row 2: rating must be a number',
      '  row 3: rating must be a number',
      '  row 4: rating must be a number',
    ]);
  });

  it('stays small however many rows are refused', () => {
    let report = EMPTY_REPORT;
    for (let line = 0; line < 10_000; line++)
      report = withAnswer(report, refused(line, 'rating', 'rating is bad'));
    expect(report.firstRefused).toHaveLength(5);
    expect([...report.reasons]).toEqual([['rating is bad', 10_000]]);
  });

  it('says to programs that it is not complete while the end has not come', () => {
    expect(reportJson(reportOf(refused(1, null, 'bad')))).toEqual({
      accepted: null,
      refused: null,
      complete: false,
      reasons: { bad: 1 },
      firstRefused: [{ line: 1, field: null, reason: 'bad' }],
    });
  });
});
