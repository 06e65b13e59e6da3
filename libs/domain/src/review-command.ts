import type { EventTimeMs } from './day.js';
import type { ContentHash, CourseId, ReviewId, SubmissionId, UserId } from './identifiers.js';
import type { HalfStars } from './rating.js';

/** Lengths in UTF-16 units, as JavaScript, Java and Avro's users count them. */
export const MAX_TITLE_LENGTH = 200;
export const MAX_CONTENT_LENGTH = 32_768;
/** No imported review may say that it was written before this instant. */
export const EARLIEST_CREATED_AT_MS = Date.UTC(2000, 0, 1);

/** What a client asked for: one record of `reviews`. */
export type ReviewCommand = SubmitReview | WithdrawReview;

interface ReviewAddress {
  readonly reviewId: ReviewId;
  readonly courseId: CourseId;
  readonly userId: UserId;
  readonly submissionId: SubmissionId;
}

/** Publishes a review, or replaces the one this user already has on the course. */
export interface SubmitReview extends ReviewAddress {
  readonly kind: 'submitted';
  /** Whether it came in a file: only then may it carry a date of its own and rename the course. */
  readonly imported: boolean;
  /** When the review was written; null: when the broker appended it. */
  readonly createdAtMs: EventTimeMs | null;
  readonly contentHash: ContentHash;
  readonly halfStars: HalfStars;
  readonly courseTitle: string | null;
  readonly title: string | null;
  readonly content: string | null;
}

/** Takes the user's review on the course back. */
export interface WithdrawReview extends ReviewAddress {
  readonly kind: 'withdrawn';
}
