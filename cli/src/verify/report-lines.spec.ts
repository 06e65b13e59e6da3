import { describe, expect, it } from '@jest/globals';
import { NO_OUTCOMES } from './accounting/outcome-counts.js';
import { Differences } from './difference.js';
import type { PartitionSummary } from './partition-inputs.js';
import { reportLines } from './report-lines.js';
import type { PartitionsFound } from './verify-partitions.js';
import { verifyReport, type VerifyTerms } from './verify-report.js';

const summary: PartitionSummary = {
  facts: 1_500,
  holds: 500,
  courses: 12,
  reviews: 900,
  outcomes: { ...NO_OUTCOMES, valid: 700, held: 50, repeated: 3 },
  undecided: 2,
  uncounted: 1,
};

const crossChecked = { agreeing: 11, neverQuiet: 1, disagreeing: [] };
const terms: VerifyTerms = { limit: 1, crossChecked, seconds: 2 };
const found = ({ total, counts, first }: Differences): PartitionsFound => ({
  summaries: [summary],
  differences: { total, counts, first },
});

describe('the report of a verification', () => {
  it('sums up the partitions', () => {
    expect(verifyReport([found(new Differences(1)), found(new Differences(1))], terms)).toMatchObject({
      agrees: true,
      commands: { valid: 1_400, repeated: 6, undecided: 4 },
      facts: { valid: 3_000, held: 1_000, uncounted: 2 },
      courses: 24,
      factsPerSecond: 2_000,
      notCompared: [],
    });
  });

  it('shows what became of the commands, and that nothing differs', () => {
    expect(reportLines(verifyReport([found(new Differences(1))], terms))).toEqual([
      'Commands',
      '  700  valid',
      '   50  held',
      '    3  no change: sent before',
      '    0  dead letter',
      '    2  not decided yet',
      'Facts: 1,500 in reviews-valid (1 not counted yet), 500 in reviews-fraud.',
      'Compared: 12 courses in long-term-stats, recent-stats, course_statistics, reviews; 1 partitions.',
      'Tables: the reviews of 11 courses add up to their statistics.',
      'NOT added up: 1 courses that were never quiet.',
      '2.0 s, 1,000 facts/s.',
      'No differences.',
    ]);
  });

  it('shows the first differences and how many there are of each kind', () => {
    const differences = new Differences(1);
    differences.add('missing', 'recent-stats/0', 'course tea-7: none');
    differences.add('lost-command', 'reviews/0/7', 'nothing');
    const lines = reportLines(verifyReport([found(differences)], terms));
    expect(lines.slice(0, 2)).toEqual([
      'missing  recent-stats/0  course tea-7: none',
      '… and 1 more (--limit shows them)',
    ]);
    expect(lines.at(-1)).toBe('Differences: 2 (1 missing, 1 lost-command).');
  });

  it('adds up what different threads have found', () => {
    const [one, two] = [new Differences(1), new Differences(1)];
    one.add('missing', 'recent-stats/0', 'first');
    two.add('missing', 'recent-stats/1', 'second');
    expect(verifyReport([found(one), found(two)], terms)).toMatchObject({
      agrees: false,
      differences: { total: 2, byKind: { missing: 2 }, first: [{ what: 'first' }] },
    });
  });

  it('says what was not looked at', () => {
    expect(
      reportLines(verifyReport([found(new Differences(1))], { ...terms, crossChecked: undefined })),
    ).toContain('NOT compared: course_statistics (--skip-tables).');
  });

  it('counts a course whose tables disagree as a difference', () => {
    const disagreeing = [{ courseId: 'tea-7', how: 'no-statistic' as const }];
    expect(
      verifyReport([found(new Differences(1))], { ...terms, crossChecked: { ...crossChecked, disagreeing } }),
    ).toMatchObject({
      agrees: false,
      differences: {
        total: 1,
        byKind: { 'tables-disagree': 1 },
        first: [{ kind: 'tables-disagree', what: 'course tea-7: no-statistic' }],
      },
    });
  });
});
