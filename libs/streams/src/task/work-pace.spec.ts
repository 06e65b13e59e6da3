import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '../testing/time/virtual-time.js';
import { WorkPace } from './work-pace.js';

const paceAt = () => {
  const time = new VirtualTime();
  const pass = (ms: number): Promise<void> => time.run({ untilMs: time.nowMs() + ms });
  return { pace: new WorkPace(time), pass };
};

describe('the pace of work', () => {
  it('is to rest after a step for as long as it took', async () => {
    const { pace, pass } = paceAt();
    expect(pace.restMs).toBe(0);
    await pass(1_000);
    await pace.work(() => pass(15));
    expect(pace.restMs).toBe(15);
    await pass(10);
    expect(pace.restMs).toBe(5);
    await pass(10);
    expect(pace.restMs).toBe(0);
  });

  it('is to rest no longer than 20 ms', async () => {
    const { pace, pass } = paceAt();
    await pace.work(() => pass(500));
    expect(pace.restMs).toBe(20);
  });

  it('is not to rest after a step that took no time', async () => {
    const { pace } = paceAt();
    await pace.work(() => Promise.resolve());
    expect(pace.restMs).toBe(0);
  });
});
