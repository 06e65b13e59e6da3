import { partitionOf, type CourseId } from '@reviews/domain';
import type { DifferenceKind } from './difference.js';

/** Which partition of how many. */
export interface Home {
  readonly partition: number;
  readonly partitions: number;
}

/** Judges where records about courses stand. */
export interface CoursePlaces {
  /** A course of another partition is reported once, a key that is not the course's each time. */
  judge(courseId: string, key: Buffer | null, report: (kind: DifferenceKind, what: string) => void): void;
}

export const coursePlaces = ({ partition, partitions }: Home): CoursePlaces => {
  const seen = new Set<string>();
  return {
    judge(courseId, key, report) {
      if (key?.toString('latin1') !== courseId) report('wrong-key', `course ${courseId}: the key is another`);
      if (seen.has(courseId)) return;
      seen.add(courseId);
      const right = partitionOf(courseId as CourseId, partitions);
      if (right !== partition) report('wrong-partition', `course ${courseId} belongs to partition ${right}`);
    },
  };
};
