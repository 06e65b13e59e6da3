import { describe, expect, it } from '@jest/globals';
import { appendLane, type WaitingPiece } from './append-lane.js';

const LIMITS = { maxItems: 4, maxBytes: 100 };
const piece = (records: number, bytes = 1, deadlineMs = 0): WaitingPiece => ({
  records: Array.from({ length: records }, () => ({ key: null, value: Buffer.alloc(bytes) })),
  size: { records, bytes: records * bytes },
  deadlineMs,
});

describe('what waits for one partition', () => {
  it('goes in the order it came, as much at a time as a request may hold', () => {
    const lane = appendLane(LIMITS);
    const waiting = [piece(1), piece(3), piece(2), piece(1, 99), piece(1, 2)];
    for (const one of waiting) lane.push(one);
    expect(lane.takeRequest()).toEqual(waiting.slice(0, 2));
    expect(lane.takeRequest()).toEqual(waiting.slice(2, 3));
    expect(lane.takeRequest()).toEqual(waiting.slice(3, 4));
    expect(lane.takeRequest()).toEqual(waiting.slice(4));
    expect(lane.takeRequest()).toEqual([]);
  });

  it('goes alone when it is too large for company', () => {
    const lane = appendLane(LIMITS);
    lane.push(piece(9, 90));
    lane.push(piece(1));
    expect(lane.takeRequest()).toHaveLength(1);
  });

  it('expires at its deadline, and what came later stays', () => {
    const lane = appendLane(LIMITS);
    for (const deadlineMs of [10, 10, 20]) lane.push(piece(1, 1, deadlineMs));
    expect(lane.takeExpired(9)).toEqual([]);
    expect(lane.takeExpired(10)).toHaveLength(2);
    expect(lane.nextDeadlineMs()).toBe(20);
  });
});
