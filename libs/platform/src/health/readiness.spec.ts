import { describe, expect, it } from '@jest/globals';
import { readiness } from './readiness.js';

describe('readiness', () => {
  it('gives a check up that does not answer in time', async () => {
    const checks = readiness({ checkTimeoutMs: 5 });
    checks.add({ name: 'postgresql', check: () => new Promise(() => undefined) });
    checks.add({ name: 'kafka', check: () => Promise.resolve() });
    expect(await checks.report()).toEqual({
      status: 'not-ready',
      checks: [
        { name: 'postgresql', status: 'failed', error: 'no answer within 5 ms' },
        { name: 'kafka', status: 'ok' },
      ],
    });
  });

  it('asks again only when the last report is a cache time old', async () => {
    let nowMs = 0;
    let asked = 0;
    const checks = readiness({ cacheMs: 1_000, nowMs: () => nowMs });
    checks.add({
      name: 'kafka',
      check: () => {
        asked += 1;
        return Promise.resolve();
      },
    });
    await Promise.all([checks.report(), checks.report()]);
    nowMs = 999;
    await checks.report();
    expect(asked).toBe(1);
    nowMs = 1_000;
    await checks.report();
    expect(asked).toBe(2);
  });
});
