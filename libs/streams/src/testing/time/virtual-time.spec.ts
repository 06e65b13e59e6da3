import { describe, expect, it } from '@jest/globals';
import { ProcessTime } from './process-time.js';
import { randomOf } from './random.js';
import { VirtualTime } from './virtual-time.js';

describe('virtual time', () => {
  it('lets events happen in the order of their times, and of their making where those are the same', async () => {
    const time = new VirtualTime();
    const happened: string[] = [];
    time.schedule(5, () => happened.push('c'));
    time.schedule(1, () => happened.push('a'));
    time.schedule(5, () => happened.push('d'));
    time.schedule(2, () => happened.push('b'));
    await time.run({ untilMs: 100 });
    expect(happened).toEqual(['a', 'b', 'c', 'd']);
    expect(time.nowMs()).toBe(100);
  });

  it('lets every promise callback run before the next event, however long their chain', async () => {
    const time = new VirtualTime();
    const happened: string[] = [];
    time.schedule(1, () => {
      let chain = Promise.resolve();
      for (let link = 0; link < 100; link++) chain = chain.then(() => undefined);
      void chain.then(() => happened.push('end of the chain'));
    });
    time.schedule(1, () => happened.push('next event'));
    await time.run({ untilMs: 1 });
    expect(happened).toEqual(['end of the chain', 'next event']);
  });

  it('ends where it was told to, and lets nothing happen that was called off', async () => {
    const time = new VirtualTime();
    const happened: string[] = [];
    time.schedule(1, () => happened.push('called off'))();
    time.schedule(2, () => happened.push('in time'));
    time.schedule(11, () => happened.push('too late'));
    await time.run({ untilMs: 10 });
    expect(happened).toEqual(['in time']);
  });

  it('tells whoever runs it what an event has thrown', async () => {
    const time = new VirtualTime();
    time.schedule(1, () => {
      throw new Error('thrown by an event');
    });
    await expect(time.run({ untilMs: 10 })).rejects.toThrow('thrown by an event');
  });
});

describe('the time of a process', () => {
  it('stands still while it is frozen; then everything comes at once, in order', async () => {
    const time = new VirtualTime();
    const process = new ProcessTime(time);
    const happened: string[] = [];
    for (const ms of [1, 2, 3]) process.schedule(ms, () => happened.push(`${ms} at ${process.nowMs()}`));
    process.freeze();
    time.schedule(10, () => {
      process.thaw();
    });
    await time.run({ untilMs: 20 });
    expect(happened).toEqual(['1 at 10', '2 at 10', '3 at 10']);
  });

  it('ends when it is killed, frozen or not', async () => {
    const time = new VirtualTime();
    const process = new ProcessTime(time);
    const happened: string[] = [];
    process.schedule(2, () => happened.push('dead'));
    process.freeze();
    time.schedule(1, () => {
      process.kill();
    });
    time.schedule(3, () => {
      process.thaw();
    });
    await time.run({ untilMs: 10 });
    expect(happened).toEqual([]);
  });
});

describe('a seed', () => {
  it('always gives the same numbers, and another one others', () => {
    const numbersOf = (seed: number) => {
      const random = randomOf(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(numbersOf(1)).toEqual(numbersOf(1));
    expect(numbersOf(1)).not.toEqual(numbersOf(2));
  });

  it('spreads its numbers evenly', () => {
    const random = randomOf(7);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw++) {
      const index = random.below(10);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
