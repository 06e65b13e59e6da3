import { describe, expect, it } from '@jest/globals';
import { WakeSignal } from './wakes.js';

describe('a signal', () => {
  it('wakes all who wait', async () => {
    const signal = new WakeSignal();
    const waiting = [signal.after(0, 60_000), signal.after(0, Number.POSITIVE_INFINITY)];
    signal.wake();
    await Promise.all(waiting);
    expect(signal.count).toBe(1);
  });

  it('lets nobody sleep who looked before it', async () => {
    const signal = new WakeSignal();
    const seen = signal.count;
    signal.wake();
    await signal.after(seen, 60_000);
    expect(signal.count).toBeGreaterThan(seen);
  });

  it('that never comes is waited for no longer than asked', async () => {
    const signal = new WakeSignal();
    await signal.after(signal.count, 1);
    expect(signal.count).toBe(0);
  });
});
