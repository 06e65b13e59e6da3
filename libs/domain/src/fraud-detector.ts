import type { CourseId, ReviewId, UserId } from './identifiers.js';
import type { HalfStars } from './rating.js';
import type { Verdict } from './verdict.js';

/** What a detector may look at. All of it comes from the log, so a replay decides the same. */
export interface ReviewFeatures {
  readonly reviewId: ReviewId;
  readonly courseId: CourseId;
  readonly userId: UserId;
  readonly halfStars: HalfStars;
  readonly title: string | null;
  readonly content: string | null;
}

/** Decides whether a review counts. Pure: same features, same verdict. */
export interface FraudDetector {
  assess(features: ReviewFeatures): Verdict;
}
