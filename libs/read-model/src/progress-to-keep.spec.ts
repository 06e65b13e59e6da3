import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { progressToKeep } from './progress-to-keep.js';

interface ProgressRecord {
  readonly recordOffset: number;
  readonly longTermStatsEnd: number;
  readonly recentStatsEnd: number;
}

interface StoredEnds {
  readonly longTermStats: number;
  readonly recentStats: number;
}

const record = (recordOffset: number, end: number): ProgressRecord => ({
  recordOffset,
  longTermStatsEnd: end,
  recentStatsEnd: end,
});

const isTrue = (progress: ProgressRecord, stored: StoredEnds): boolean =>
  progress.longTermStatsEnd <= stored.longTermStats && progress.recentStatsEnd <= stored.recentStats;

const keep = (records: readonly ProgressRecord[], stored: StoredEnds): readonly ProgressRecord[] =>
  progressToKeep(records, (progress) => isTrue(progress, stored));

/** What a reader is told: the newest record that is true. */
const reported = (records: readonly ProgressRecord[], stored: StoredEnds): ProgressRecord | undefined =>
  records.findLast((progress) => isTrue(progress, stored));

/** Records of one partition: offsets and ends grow. */
const history = fc
  .array(fc.record({ longTerm: fc.nat({ max: 3 }), recent: fc.nat({ max: 3 }) }), { maxLength: 20 })
  .map((steps) => {
    let ends = { longTermStatsEnd: 0, recentStatsEnd: 0 };
    return steps.map(({ longTerm, recent }, recordOffset): ProgressRecord => {
      ends = {
        longTermStatsEnd: ends.longTermStatsEnd + longTerm,
        recentStatsEnd: ends.recentStatsEnd + recent,
      };
      return { recordOffset, ...ends };
    });
  });
const storedEnds = fc.record({ longTermStats: fc.nat({ max: 60 }), recentStats: fc.nat({ max: 60 }) });

describe('the progress records kept', () => {
  it('are the newest true one, the oldest not yet true, and the newest of all', () => {
    //  offset    0   1 │ 2   3   4
    //  needs    10  20 │ 30  40  50     stored: up to 25
    const records = [record(0, 10), record(1, 20), record(2, 30), record(3, 40), record(4, 50)];
    const kept = keep(records, { longTermStats: 25, recentStats: 29 });
    expect(kept.map(({ recordOffset }) => recordOffset)).toEqual([1, 2, 4]);
  });

  it('wait for both topics', () => {
    const kept = keep([record(0, 10), record(1, 20)], { longTermStats: 20, recentStats: 10 });
    expect(kept.map(({ recordOffset }) => recordOffset)).toEqual([0, 1]);
  });

  it('are never more than three', () => {
    fc.assert(
      fc.property(history, storedEnds, (records, stored) => {
        expect(keep(records, stored).length).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('tell a reader the same as all of them would, at once and when everything is stored', () => {
    fc.assert(
      fc.property(history, storedEnds, (records, stored) => {
        const kept = keep(records, stored);
        const everything = { longTermStats: Infinity, recentStats: Infinity };
        expect(reported(kept, stored)).toEqual(reported(records, stored));
        expect(reported(kept, everything)).toEqual(reported(records, everything));
      }),
    );
  });

  it('let readers go on while newer records keep arriving before their statistics', () => {
    //  each step stores the statistics of one record, and two new records arrive
    let kept: readonly ProgressRecord[] = [];
    let told = -1;
    for (let step = 1; step <= 50; step++) {
      const arrived = [record(2 * step - 2, 20 * step - 10), record(2 * step - 1, 20 * step)];
      const stored = { longTermStats: 10 * step, recentStats: 10 * step };
      kept = keep([...kept, ...arrived], stored);
      told = reported(kept, stored)?.recordOffset ?? told;
      expect(told).toBeGreaterThanOrEqual(step / 4 - 1);
    }
  });
});
