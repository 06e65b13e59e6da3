import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CourseId } from './identifiers.js';
import { partitionOf } from './partition-of.js';

const courseIds = fc.stringMatching(/^[A-Za-z0-9._~-]{1,64}$/) as fc.Arbitrary<CourseId>;

describe('the partition of a course', () => {
  // Computed once with kafkajs's DefaultPartitioner, which follows Kafka's.
  it.each([
    ['a', 0, 4],
    ['ab', 2, 2],
    ['abc', 3, 3],
    ['abcd', 0, 8],
    ['machine-learning-101', 3, 11],
    ['A-Za-z0-9._~-', 2, 10],
    ['~'.repeat(64), 3, 7],
    ['5b0c6c1e-4a55-5d0f-9d0e-6a3c1f2b7e90', 0, 0],
  ])("of %j is the one Kafka's default partitioner takes", (courseId, ofFour, ofTwelve) => {
    expect(partitionOf(courseId as CourseId, 4)).toBe(ofFour);
    expect(partitionOf(courseId as CourseId, 12)).toBe(ofTwelve);
  });

  it('exists', () => {
    fc.assert(
      fc.property(courseIds, fc.integer({ min: 1, max: 1_000 }), (courseId, partitions) => {
        const partition = partitionOf(courseId, partitions);
        expect(Number.isInteger(partition) && partition >= 0 && partition < partitions).toBe(true);
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});
