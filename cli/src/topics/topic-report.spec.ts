import { describe, expect, it } from '@jest/globals';
import { topicReport } from './topic-report.js';

const partitions = [
  { partition: 0, low: 0, high: 10 },
  { partition: 1, low: 4, high: 6 },
];

describe('the lag of a service', () => {
  const lagAt = (committed: readonly (readonly [number, number])[]): number | undefined =>
    topicReport({
      topic: 'reviews',
      partitions,
      readers: [{ service: 'fraud-detector', committed: new Map(committed) }],
    }).lag[0]?.lag;

  it('is what it has not committed, over all partitions', () => {
    expect(
      lagAt([
        [0, 7],
        [1, 6],
      ]),
    ).toBe(3);
  });

  it('is everything still there when it never committed', () => {
    expect(lagAt([[0, -1]])).toBe(12);
  });

  it('is never below zero', () => {
    expect(
      lagAt([
        [0, 12],
        [1, 9],
      ]),
    ).toBe(0);
  });
});

describe('a topic', () => {
  it('is shown with the end of each partition', () => {
    expect(topicReport({ topic: 'reviews', partitions, readers: [] })).toEqual({
      topic: 'reviews',
      ends: [10, 6],
      lag: [],
    });
  });
});
