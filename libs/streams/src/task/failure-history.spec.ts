import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '../testing/time/virtual-time.js';
import { FailureHistory } from './failure-history.js';
import { DEFAULT_LIMITS } from './transaction-limits.js';

const historyAt = () => {
  const time = new VirtualTime();
  return {
    history: new FailureHistory(time),
    pass: (ms: number) => time.run({ untilMs: time.nowMs() + ms }),
  };
};
const fail = (history: FailureHistory, times: number, code: 'FENCED' | 'TRANSIENT' = 'TRANSIENT'): void => {
  for (let i = 0; i < times; i++) history.add(code);
};

const recordsOf = (history: FailureHistory, maxRecords: number): number =>
  history.shrunk({ ...DEFAULT_LIMITS, maxRecords }).maxRecords;

describe('the failures of a task', () => {
  it('make it wait longer and longer, five seconds at most', () => {
    const { history } = historyAt();
    const waits = Array.from({ length: 8 }, () => {
      history.add('TRANSIENT');
      return history.backOffMs;
    });
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  });

  it('are forgotten after a quiet minute, or once records were handled', async () => {
    const { history, pass } = historyAt();
    fail(history, 5);
    await pass(61_000);
    history.add('TRANSIENT');
    expect(history.backOffMs).toBe(100);
    fail(history, 5);
    history.clear();
    history.add('TRANSIENT');
    expect(history.backOffMs).toBe(100);
  });

  it('end the process when others fence it eleven times in a row', () => {
    const { history } = historyAt();
    fail(history, 10, 'FENCED');
    expect(history.isFencedTooOften).toBe(false);
    history.add('FENCED');
    expect(history.isFencedTooOften).toBe(true);
  });

  it('do not end the process when it is fenced once in a while', async () => {
    const { history, pass } = historyAt();
    for (let hour = 0; hour < 20; hour++) {
      history.add('FENCED');
      await pass(3_600_000);
    }
    expect(history.isFencedTooOften).toBe(false);
  });

  it('halve the next transaction, which grows again with each that succeeds', () => {
    const { history } = historyAt();
    expect(recordsOf(history, 20_000)).toBe(20_000);
    fail(history, 3);
    expect(recordsOf(history, 20_000)).toBe(2_500);
    fail(history, 30);
    expect(recordsOf(history, 20_000)).toBe(19);
    expect(recordsOf(history, 10)).toBe(1);
    history.clear();
    expect(recordsOf(history, 20_000)).toBe(39);
  });
});
