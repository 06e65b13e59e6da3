import { describe, expect, it } from '@jest/globals';
import { toSvg } from '../../bench/report/chart.mjs';
import { GOALS, judged } from '../../bench/report/goals.mjs';
import { toMarkdown } from '../../bench/report/markdown.mjs';

const MACHINE = {
  cpu: 'a cpu',
  cores: 2,
  node: '24',
  java: '17',
  kafka: '4',
  commit: 'abc',
  startedAt: 'now',
  command: 'npm',
};

describe('a goal of the benchmark', () => {
  it('holds when the middle run is at least as good as asked for', () => {
    expect(judged('aggregator-speed', [1.2, 2, 9]).holds).toBe('yes');
    expect(judged('aggregator-speed', [1.2, 1.9, 9]).holds).toBe('no');
  });

  it('that has an upper bound holds below it', () => {
    expect(judged('aggregator-cpu', [0.1, 0.4, 0.5]).holds).toBe('yes');
    expect(judged('aggregator-cpu', [0.1, 0.41, 0.5]).holds).toBe('no');
  });

  it('is neither met nor missed when nothing was measured', () => {
    expect(judged('ledger-speed', []).holds).toBe('not measured');
    expect(judged('ledger-speed', undefined).holds).toBe('not measured');
  });
});

describe('the report', () => {
  const goals = [judged('roll-seconds', [10, 12, 40]), judged('roll-p99', [3, 3, 3]), judged('post-p99', [])];

  it('says of every goal what was asked for, what was measured, and whether it holds', () => {
    const lines = toMarkdown({ machine: MACHINE, goals, rows: {} }).split('\n');
    expect(lines).toContain(`| ${GOALS['roll-seconds']?.what ?? ''} | ≤ 30 | 10 / 12 / 40 | yes |`);
    expect(lines).toContain(`| ${GOALS['roll-p99']?.what ?? ''} | ≤ 2 | 3 / 3 / 3 | no |`);
    expect(lines).toContain(`| ${GOALS['post-p99']?.what ?? ''} | ≤ 50 |  | not measured |`);
  });

  it('says of a row that failed why it did', () => {
    const rows = { ledger: { title: 'facts', failed: 'it differs from the oracle' } };
    expect(toMarkdown({ machine: MACHINE, goals, rows })).toContain('Failed: it differs from the oracle');
  });

  it('draws a bar for each goal that was measured', () => {
    expect(toSvg(goals).match(/<rect x=/g)).toHaveLength(2);
  });
});
