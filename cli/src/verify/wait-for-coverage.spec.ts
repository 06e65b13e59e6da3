import { describe, expect, it } from '@jest/globals';
import { waitForCoverage } from './wait-for-coverage.js';

describe('waiting until everything is covered', () => {
  const waited = async (coveredAfterMs: number, limitMs: number): Promise<number> => {
    let nowMs = 0;
    const clock = {
      nowMs: () => nowMs,
      sleep: (ms: number) => {
        nowMs += ms;
        return Promise.resolve();
      },
    };
    await waitForCoverage(() => Promise.resolve(nowMs >= coveredAfterMs), clock, limitMs);
    return nowMs;
  };

  it('ends as soon as it is', async () => {
    expect(await waited(600, 5_000)).toBe(750);
    expect(await waited(0, 5_000)).toBe(0);
  });

  it('ends when the time is up, and at once when there is none', async () => {
    expect(await waited(60_000, 1_000)).toBe(1_000);
    expect(await waited(60_000, 0)).toBe(0);
  });
});
