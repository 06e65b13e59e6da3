import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { liveLoad } from './live-load.js';

describe('a live load', () => {
  it('counts what was taken and what was not, and finishes what is under way', async () => {
    const stop = new AbortController();
    let calls = 0;
    const count = await liveLoad({
      rate: 100,
      signal: stop.signal,
      async call() {
        calls += 1;
        if (calls === 10) stop.abort();
        const isTaken = calls % 5 !== 0;
        await new Promise((later) => setTimeout(later, 5));
        return isTaken;
      },
      onCount: () => undefined,
    });
    expect(count).toEqual({ sent: 8, failed: 2 });
  });

  it('never has more than 200 calls under way', async () => {
    const stop = new AbortController();
    let underWay = 0;
    let most = 0;
    const load = liveLoad({
      rate: 5_000,
      signal: stop.signal,
      async call() {
        underWay += 1;
        most = Math.max(most, underWay);
        await once(stop.signal, 'abort');
        underWay -= 1;
        return true;
      },
      onCount: () => undefined,
    });
    await new Promise((later) => setTimeout(later, 250));
    stop.abort();
    expect((await load).sent).toBe(200);
    expect(most).toBe(200);
  });
});
