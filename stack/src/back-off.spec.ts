import { describe, expect, it } from '@jest/globals';
import { nextDelayMs } from './back-off.js';

describe('starting again what died', () => {
  it('waits 0.2 s, then twice as long each time, but never more than 5 s', () => {
    const delays: number[] = [];
    for (let death = 0; death < 8; death += 1) delays.push(nextDelayMs(delays.at(-1), 50));
    expect(delays).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  });

  it('begins anew after it ran for a while', () => {
    expect(nextDelayMs(5_000, 10_000)).toBe(200);
  });
});
