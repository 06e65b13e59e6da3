import { describe, expect, it } from '@jest/globals';
import type { StoredProgress } from '@reviews/read-model';
import { waitForCommand, type Clock } from './wait-for-command.js';

/** A clock that moves only by sleeping. */
const clockAtZero = (): Clock & { readonly pausesMs: number[] } => {
  const pausesMs: number[] = [];
  return {
    pausesMs,
    nowMs: () => pausesMs.reduce((sum, pause) => sum + pause, 0),
    sleep: (ms) => {
      pausesMs.push(ms);
      return Promise.resolve();
    },
  };
};

const progressTo = (reviewsEnd: number): StoredProgress => ({ reviewsEnd, reviewsValidEnd: 0, day: null });

describe('waiting for a command', () => {
  it('ends at once when the statistics include it: the end is the first offset that is not included', async () => {
    const clock = clockAtZero();
    expect(await waitForCommand(() => Promise.resolve(progressTo(8)), 7, clock, 2_000)).toEqual({
      progress: progressTo(8),
      isIncluded: true,
    });
    expect(clock.pausesMs).toEqual([]);
  });

  it('goes on while the end is the command itself', async () => {
    const answers = [null, progressTo(7), progressTo(7), progressTo(9)];
    const clock = clockAtZero();
    const awaited = await waitForCommand(() => Promise.resolve(answers.shift() ?? null), 7, clock, 2_000);
    expect(awaited).toEqual({ progress: progressTo(9), isIncluded: true });
    expect(clock.pausesMs).toHaveLength(3);
  });

  it('gives up when the time is up, with what is there', async () => {
    const clock = clockAtZero();
    expect(await waitForCommand(() => Promise.resolve(progressTo(3)), 7, clock, 2_000)).toEqual({
      progress: progressTo(3),
      isIncluded: false,
    });
    expect(clock.nowMs()).toBeCloseTo(2_000);
  });

  it('asks soon at first and then less and less often', async () => {
    const clock = clockAtZero();
    await waitForCommand(() => Promise.resolve(null), 7, clock, 2_000);
    expect(clock.pausesMs[0]).toBe(5);
    expect(Math.max(...clock.pausesMs)).toBe(100);
    expect(clock.pausesMs.length).toBeLessThan(40);
  });
});
