import { describe, expect, it } from '@jest/globals';
import { meaningOfSignal } from './signals.js';

describe('signals', () => {
  //  0 s ───────────── 1 s ─────────→
  //  stop │ the same one │ hurry
  it('ask to stop at first', () => {
    expect(meaningOfSignal(undefined, 0)).toBe('stop');
  });

  it('are one signal within a second: the terminal and npm both deliver a Ctrl-C', () => {
    expect(meaningOfSignal(5_000, 5_999)).toBe('repeated');
  });

  it('ask to hurry when one comes later', () => {
    expect(meaningOfSignal(5_000, 6_000)).toBe('hurry');
  });
});
