import { contentHashOf, reviewIdOf, submissionIdOf } from '@reviews/contracts';
import type { CourseId, HalfStars, SubmitReview, UserId, WithdrawReview } from '@reviews/domain';

/** What a learner posts, checked. */
export interface Submission {
  readonly courseId: CourseId;
  readonly userId: UserId;
  readonly rating: HalfStars;
  readonly title: string | null;
  readonly content: string | null;
  readonly courseTitle: string | null;
}

/** The command to publish or replace a review; the broker dates it. */
export const submitReview = (submission: Submission, idempotencyKey: string | undefined): SubmitReview => {
  const { courseId, userId, rating: halfStars, title, content, courseTitle } = submission;
  const contentHash = contentHashOf({ halfStars, title, content, importedCourseTitle: null });
  return {
    kind: 'submitted',
    reviewId: reviewIdOf(courseId, userId),
    courseId,
    userId,
    submissionId: submissionIdOf(idempotencyKey, contentHash),
    imported: false,
    createdAtMs: null,
    contentHash,
    halfStars,
    courseTitle,
    title,
    content,
  };
};

/** The command to take a review back. */
export const withdrawReview = (
  courseId: CourseId,
  userId: UserId,
  idempotencyKey: string | undefined,
): WithdrawReview => ({
  kind: 'withdrawn',
  reviewId: reviewIdOf(courseId, userId),
  courseId,
  userId,
  submissionId: submissionIdOf(idempotencyKey, null),
});
