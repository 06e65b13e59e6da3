import type { CourseId } from './identifiers.js';
import { murmur2OfAscii, toPositive } from './murmur2.js';

/**
 * The partition of a course: Kafka's default partitioner on the UTF-8 course id, computed here so that every client
 * of every language agrees.
 */
export const partitionOf = (courseId: CourseId, partitions: number): number =>
  toPositive(murmur2OfAscii(courseId)) % partitions;
