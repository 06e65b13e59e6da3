import { describe, expect, it } from '@jest/globals';
import { areTablesRight, rebuildReportLines, type RebuildReport } from './rebuild-report.js';

const RIGHT = { compared: 900, wrong: 0, missing: 0, superfluous: 0 };
const switched: RebuildReport = {
  outcome: 'switched',
  rows: { reviews: 900, courses: 12 },
  offsets: 4_000,
  seconds: 2,
  offsetsPerSecond: 2_000,
  checked: { agreeing: 12, neverQuiet: 0, disagreeing: [] },
  differences: { reviews: { ...RIGHT, wrong: 3, missing: 1 }, courseStatistics: RIGHT },
  lockedSeconds: 0.1234,
  oldTables: null,
};
const disagreeing = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    courseId: `course-${index}`,
    how: 'all-time-differs' as const,
  }));

describe('the report of a rebuild', () => {
  it('says what was built, checked, wrong before, and for how long nothing could be stored', () => {
    expect(rebuildReportLines(switched)).toEqual([
      'Built 900 reviews and 12 courses from 4,000 offsets in 2.0 s, 2,000 offsets/s.',
      'Checked: the reviews of 12 courses add up to their statistics.',
      'Old reviews: of 900 rows 3 are wrong, 1 missing, 0 superfluous.',
      'Old course_statistics: no difference in 900 rows.',
      'Switched: the new tables are in use; nothing was stored for 0.12 s, and reading went on.',
    ]);
  });

  it('says where old tables are that were kept', () => {
    expect(rebuildReportLines({ ...switched, oldTables: 'course_reviews__kept_1' }).at(-1)).toContain(
      'course_reviews__kept_1',
    );
  });

  it('says which courses were never quiet enough to be checked', () => {
    const checked = { ...switched.checked, neverQuiet: 2 };
    expect(rebuildReportLines({ ...switched, checked })).toContain(
      'Not checked: 2 courses that were never quiet.',
    );
  });

  it('names the first twenty courses that do not agree', () => {
    const lines = rebuildReportLines({
      ...switched,
      outcome: 'refused',
      differences: null,
      checked: { agreeing: 0, neverQuiet: 0, disagreeing: disagreeing(22) },
    });
    expect(lines[2]).toBe('NOT switched: the reviews of 22 courses do not add up to their statistics.');
    expect(lines.slice(3, 23)).toEqual(
      disagreeing(20).map(({ courseId }) => `  ${courseId}: all-time-differs`),
    );
    expect(lines.at(-1)).toBe('  … and 2 more');
  });
});

describe('the tables in use', () => {
  it.each([
    ['right after a switch, whatever was wrong before', switched, true],
    [
      'not right when the new ones were refused',
      { ...switched, outcome: 'refused', differences: null },
      false,
    ],
    ['not right when a dry run finds a difference', { ...switched, outcome: 'compared' }, false],
    [
      'right when a dry run finds none',
      { ...switched, outcome: 'compared', differences: { reviews: RIGHT, courseStatistics: RIGHT } },
      true,
    ],
  ] as const)('are %s', (_, report, expected) => {
    expect(areTablesRight(report)).toBe(expected);
  });
});
