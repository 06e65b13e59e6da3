import { describe, expect, it } from '@jest/globals';
import { appendWindow } from './append-window.js';

describe('a window of appends', () => {
  it('starts nothing after a failure, and counts what was under way', async () => {
    const window = appendWindow(2);
    const started: string[] = [];
    const append = (name: string, outcome: Promise<void>): (() => Promise<void>) => {
      return () => {
        started.push(name);
        return outcome;
      };
    };
    await window.start(append('first', Promise.resolve()));
    await window.start(append('second', Promise.reject(new Error('lost'))));
    await window.drained();
    await window.start(append('third', Promise.resolve()));
    expect(started).toEqual(['first', 'second']);
    expect(window.outcome).toEqual({ appended: 1, failure: new Error('lost') });
  });

  it('waits for room when it is full', async () => {
    const window = appendWindow(1);
    let finish: () => void = () => undefined;
    await window.start(() => new Promise<void>((resolve) => (finish = resolve)));
    let isStarted = false;
    const second = window.start(() => {
      isStarted = true;
      return Promise.resolve();
    });
    await new Promise(setImmediate);
    expect(isStarted).toBe(false);
    finish();
    await second;
    expect(isStarted).toBe(true);
  });
});
