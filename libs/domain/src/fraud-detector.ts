import type { EventTimeMs } from './day.js';
import type { CourseId, ReviewId, UserId } from './identifiers.js';
import type { HalfStars } from './rating.js';
import type { HeldVerdict, Verdict } from './verdict.js';

/**
 * What a detector may look at. All of it comes from the log, so a replay decides the same. What a user does on other
 * courses is not here: the log is partitioned by course.
 */
export interface ReviewFeatures {
  readonly reviewId: ReviewId;
  readonly courseId: CourseId;
  readonly userId: UserId;
  readonly halfStars: HalfStars;
  readonly title: string | null;
  readonly content: string | null;
  /** When this content was written: the broker's append time, an imported row's own date. */
  readonly writtenAtMs: EventTimeMs;
  /** Whether it came in a file: such a row says nothing about how fast reviews are written. */
  readonly imported: boolean;
  /** The live review that this content would replace; null for a first one and after a withdrawal. */
  readonly replaces: { readonly halfStars: HalfStars; readonly verdict: Verdict } | null;
}

/**
 * What a detector remembers of one course: small values by key, a part of the task's state. Nothing is written twice
 * and nothing is forgotten over a restart.
 */
export interface CourseMemory {
  /** Not to be changed in place. */
  get(key: string): Uint8Array | undefined;
  /** The value is kept, not copied. */
  put(key: string, value: Uint8Array): void;
  /** Deleting what is not there is no error. */
  delete(key: string): void;
}

/** The review of an earlier user of the same course is fraud after all. */
export interface LaterHold {
  readonly userId: UserId;
  readonly verdict: HeldVerdict;
}

export interface Assessment {
  readonly verdict: Verdict;
  /** Reviews that are no longer live, or no longer valid, stay as they are. */
  readonly alsoHold: readonly LaterHold[];
}

/** Decides whether a review counts. Pure, apart from its memory: same features and same memory, same assessment. */
export interface FraudDetector {
  /** Keeps its memory apart from that of other detectors, and stands in its verdicts. Never renamed. */
  readonly name: string;
  /** It never looks at title and content, which may then be missing from the features. */
  readonly ignoresTexts?: true;
  /**
   * Called for each submission that changes something, in the order of the log: not for retries, the same content
   * again, imported rows that are too old, and withdrawals.
   */
  assess(features: ReviewFeatures, memory: CourseMemory): Assessment;
  /** The user has taken his live review of the course back. Called in the same order; not when he had none. */
  withdraw?(userId: UserId, memory: CourseMemory): void;
}
