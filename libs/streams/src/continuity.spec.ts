import { describe, expect, it } from '@jest/globals';
import { Continuity } from './continuity.js';
import { offsetOf } from './offset.js';

describe('continuity', () => {
  it('holds while every batch begins where the last one ended', () => {
    const continuity = new Continuity(offsetOf(5));
    expect(continuity.check(offsetOf(5))).toBe('continues');
    continuity.advanceTo(offsetOf(9));
    expect(continuity.check(offsetOf(9))).toBe('continues');
  });

  it('is lost when the same jump comes again after asking again', () => {
    const continuity = new Continuity(offsetOf(5));
    expect(continuity.check(offsetOf(7))).toBe('jumped');
    expect(continuity.check(offsetOf(7))).toBe('lost');
  });

  it('forgets a jump that was healed', () => {
    const continuity = new Continuity(offsetOf(5));
    expect(continuity.check(offsetOf(3))).toBe('jumped');
    expect(continuity.check(offsetOf(5))).toBe('continues');
    expect(continuity.check(offsetOf(3))).toBe('jumped');
  });

  it('never goes back', () => {
    const continuity = new Continuity(offsetOf(5));
    continuity.advanceTo(offsetOf(3));
    expect(continuity.next).toBe(5);
  });
});
