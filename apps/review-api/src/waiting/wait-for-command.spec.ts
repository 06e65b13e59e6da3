import { describe, expect, it } from '@jest/globals';
import { deadlineIn, waitForCommand, type Progress } from './wait-for-command.js';
import { WakeSignal, type Wakes } from './wakes.js';

/** Wakes that never come, on a clock that moves only by waiting for them. */
const silence = (): Wakes & { nowMs: number; readonly pausesMs: number[] } => ({
  nowMs: 0,
  count: 0,
  pausesMs: [],
  after(_count, maxMs) {
    this.nowMs += maxMs;
    this.pausesMs.push(maxMs);
    return Promise.resolve();
  },
});

const LIMIT_MS = 2_000;
const wait = (wakes: ReturnType<typeof silence>, answer: () => Progress | null) =>
  waitForCommand(
    () => Promise.resolve(answer()),
    7,
    wakes,
    deadlineIn(LIMIT_MS, () => wakes.nowMs),
  );

describe('waiting for a command', () => {
  it('ends at once when it is included: the end is the first offset that is not', async () => {
    const wakes = silence();
    await wait(wakes, () => ({ reviewsEnd: 8 }));
    expect(wakes.pausesMs).toEqual([]);
  });

  it('goes on while the end is the command itself, and before anything is known', async () => {
    const answers = [null, { reviewsEnd: 7 }, { reviewsEnd: 7 }, { reviewsEnd: 9 }];
    const wakes = silence();
    await wait(wakes, () => answers.shift() ?? null);
    expect(answers).toEqual([]);
    expect(wakes.pausesMs).toHaveLength(3);
  });

  it('gives up when the time is up', async () => {
    const wakes = silence();
    await wait(wakes, () => ({ reviewsEnd: 3 }));
    expect(wakes.nowMs).toBe(LIMIT_MS);
  });

  it('looks again when something was stored while the last answer was on its way', async () => {
    const signal = new WakeSignal();
    const wakes: Wakes = {
      get count() {
        return signal.count;
      },
      after: (count) => signal.after(count, Number.POSITIVE_INFINITY),
    };
    let reviewsEnd = 7;
    let looks = 0;
    const look = (): Promise<Progress> => {
      const answer = { reviewsEnd };
      looks += 1;
      // The command is stored after the look and before its answer: this notification is the only one.
      reviewsEnd = 8;
      signal.wake();
      return Promise.resolve(answer);
    };
    await waitForCommand(look, 7, wakes, deadlineIn(60_000));
    expect(looks).toBe(2);
  });

  it('gives up on a database that hangs, and says no more than that', async () => {
    const never = new Promise<null>(() => undefined);
    const deadline = deadlineIn(20);
    await waitForCommand(() => never, 7, new WakeSignal(), deadline);
    expect(deadline.leftMs()).toBeLessThanOrEqual(1);
  });
});
