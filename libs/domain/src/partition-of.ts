import type { CourseId } from './identifiers.js';
import { murmur2, toPositive } from './murmur2.js';

/**
 * The partition of a course: Kafka's default partitioner on the UTF-8 course id, computed here so that every client
 * of every language agrees. Course ids are ASCII, so their UTF-8 bytes are their character codes.
 */
export const partitionOf = (courseId: CourseId, partitions: number): number =>
  toPositive(murmur2(Uint8Array.from(courseId, (character) => character.charCodeAt(0)))) % partitions;
