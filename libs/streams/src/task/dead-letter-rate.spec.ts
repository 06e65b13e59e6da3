import { describe, expect, it } from '@jest/globals';
import { DeadLetterRate } from './dead-letter-rate.js';

const LIMIT = { max: 3, perMs: 1_000 };

describe('the rate of dead letters', () => {
  it('counts those that arrived within the while, over transactions', () => {
    const rate = new DeadLetterRate(LIMIT);
    rate.check([0, 10]);
    rate.record([0, 10]);
    rate.check([20]);
    expect(() => {
      rate.check([20, 30]);
    }).toThrow(expect.objectContaining({ code: 'TOO_MANY_DEAD_LETTERS' }));
  });

  it('does not count what was never committed', () => {
    const rate = new DeadLetterRate(LIMIT);
    rate.check([0, 1, 2]);
    rate.check([0, 1, 2]);
  });

  it('forgets those that arrived earlier', () => {
    const rate = new DeadLetterRate(LIMIT);
    rate.record([0, 1, 2]);
    rate.check([1_003]);
  });

  it('lets what arrived slowly pass at once, as after days without the service', () => {
    const rate = new DeadLetterRate(LIMIT);
    rate.check(Array.from({ length: 1_000 }, (_, minute) => minute * 60_000));
  });
});
