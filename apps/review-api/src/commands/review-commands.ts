import { contentHashOf, importedRowIdOf, reviewIdOf, submissionIdOf } from '@reviews/contracts';
import type {
  ContentHash,
  CourseId,
  EventTimeMs,
  HalfStars,
  SubmitReview,
  UserId,
  WithdrawReview,
} from '@reviews/domain';

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
  const contentHash = contentHashIn(submission, null);
  return commandOf(submission, {
    reviewId: reviewIdOf(submission.courseId, submission.userId),
    imported: false,
    createdAtMs: null,
    contentHash,
    submissionId: submissionIdOf(idempotencyKey, contentHash),
  });
};

/** What a row of a file says besides the submission. */
export interface RowOrigin {
  /** Line number in the file, from 1. */
  readonly line: number;
  readonly createdAtMs: EventTimeMs | null;
  /** Works like an Idempotency-Key; without it the row is known by what it says and where it stands. */
  readonly submissionKey: string | undefined;
}

/** The command an imported row stands for; only an import may date a review and rename its course. */
export const importReview = (
  submission: Submission,
  { line, createdAtMs, submissionKey }: RowOrigin,
): SubmitReview => {
  const contentHash = contentHashIn(submission, submission.courseTitle);
  const reviewId = reviewIdOf(submission.courseId, submission.userId);
  return commandOf(submission, {
    reviewId,
    imported: true,
    createdAtMs,
    contentHash,
    submissionId:
      submissionKey === undefined
        ? importedRowIdOf(line, reviewId, createdAtMs, contentHash)
        : submissionIdOf(submissionKey, contentHash),
  });
};

const contentHashIn = (
  { rating: halfStars, title, content }: Submission,
  importedCourseTitle: string | null,
): ContentHash => contentHashOf({ halfStars, title, content, importedCourseTitle });

// Field by field: to spread the origin between the others takes as long as two hashes.
const commandOf = (
  { courseId, userId, rating: halfStars, title, content, courseTitle }: Submission,
  origin: Pick<SubmitReview, 'reviewId' | 'imported' | 'createdAtMs' | 'contentHash' | 'submissionId'>,
): SubmitReview => ({
  kind: 'submitted',
  reviewId: origin.reviewId,
  courseId,
  userId,
  submissionId: origin.submissionId,
  imported: origin.imported,
  createdAtMs: origin.createdAtMs,
  contentHash: origin.contentHash,
  halfStars,
  courseTitle,
  title,
  content,
});

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
