import type { EpochDay, EventTimeMs } from './day.js';
import type { CourseId, ReviewId, UserId } from './identifiers.js';
import type { HalfStars } from './rating.js';
import type { Verdict } from './verdict.js';

/**
 * Where a fact comes from: the offset in `reviews` of the command, and a number that tells apart several facts of
 * one command. Strictly increasing within a partition.
 */
export interface Cause {
  readonly offset: number;
  readonly ordinal: number;
}

/** The cause of a partition that has seen no command and no day. */
export const NO_CAUSE: Cause = Object.freeze({ offset: -1, ordinal: -1 });

/** Whether `next` comes strictly after `previous`. */
export const isLaterCause = (next: Cause, previous: Cause): boolean =>
  next.offset > previous.offset || (next.offset === previous.offset && next.ordinal > previous.ordinal);

/** What a review counts as: the part of it that statistics depend on. */
export interface CountedReview {
  readonly halfStars: HalfStars;
  /** When it was first written: the day a review belongs to survives its edits. */
  readonly createdAtMs: EventTimeMs;
  /** When the present content was written. */
  readonly modifiedAtMs: EventTimeMs;
}

/** A review as it now stands, with its text. */
export interface PublishedReview extends CountedReview {
  readonly imported: boolean;
  readonly courseTitle: string | null;
  readonly title: string | null;
  readonly content: string | null;
}

/** A change of one review: first submission (before null), edit, or withdrawal (after null). Text stands in `after` only. */
export interface ReviewChange<After extends CountedReview = PublishedReview> {
  readonly cause: Cause;
  readonly reviewId: ReviewId;
  readonly courseId: CourseId;
  readonly userId: UserId;
  readonly before: CountedReview | null;
  readonly after: After | null;
}

/** What statistics depend on in a review. */
export type RatedReview = Pick<CountedReview, 'halfStars' | 'createdAtMs'>;

/** What statistics depend on in a change. */
export interface RatingChange {
  readonly before: RatedReview | null;
  readonly after: (RatedReview & Pick<PublishedReview, 'imported' | 'courseTitle'>) | null;
}

/** One record of `reviews-valid`. */
export type ReviewFact = ReviewChanged | DayStarted | Progress;

export interface ReviewChanged extends ReviewChange {
  readonly kind: 'review-changed';
}

/** The partition has reached a UTC day. May jump several days, never back. */
export interface DayStarted {
  readonly kind: 'day-started';
  readonly cause: Cause;
  readonly day: EpochDay;
}

/** Commands up to the cause are covered, although the last of them changed nothing here. */
export interface Progress {
  readonly kind: 'progress';
  readonly cause: Cause;
}

/** One record of `reviews-fraud`: a review that is kept back, in the same shape as a fact. */
export interface ReviewHeld extends ReviewChange {
  /** On `after`, always held; when an edit cleared the review, what cleared it; null on a withdrawal. */
  readonly verdict: Verdict | null;
  /**
   * A review held after the fact comes without title, content and course title, because the ledger keeps no text: then the offset in
   * `reviews` of the command that has them. Null: `after` is complete.
   */
  readonly textOffset: number | null;
}
