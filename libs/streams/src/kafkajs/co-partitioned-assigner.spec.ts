import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assignPartitions } from './co-partitioned-assigner.js';

describe('the co-partitioned assignment', () => {
  it('gives every partition to exactly one member', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 64 }), (members, partitions) => {
        const ids = Array.from({ length: members }, (_, index) => `m${index}`);
        const dealt = [...assignPartitions(ids, partitions).values()].flat().sort((a, b) => a - b);
        expect(dealt).toEqual(Array.from({ length: partitions }, (_, partition) => partition));
      }),
    );
  });

  it('differs by one partition at most between members', () => {
    expect([...assignPartitions(['a', 'b', 'c'], 4).values()].map((dealt) => dealt.length)).toEqual([
      2, 1, 1,
    ]);
  });
});
