import { createHash, randomUUID } from 'node:crypto';
import type { ContentHash, CourseId, HalfStars, ReviewId, SubmissionId, UserId } from '@reviews/domain';
import { v5 as uuidV5 } from 'uuid';

const REVIEW_NAMESPACE = '5b0c6c1e-4a55-5d0f-9d0e-6a3c1f2b7e90';

/** UUIDv5 (RFC 9562) of `courseId + "/" + userId`, lower case. Neither id can contain a slash. */
export const reviewIdOf = (courseId: CourseId, userId: UserId): ReviewId =>
  uuidV5(`${courseId}/${userId}`, REVIEW_NAMESPACE) as ReviewId;

/** What a learner wrote, as far as submitting it again would change nothing. */
export interface Content {
  readonly halfStars: HalfStars;
  readonly title: string | null;
  readonly content: string | null;
  /** The course's title where it counts as content: in imports, which may rename a course. Null elsewhere. */
  readonly importedCourseTitle: string | null;
}

/** First 16 bytes of the SHA-256 of the content. Equal content, equal hash. */
export const contentHashOf = (content: Content): ContentHash =>
  digest([content.halfStars, content.title, content.content, content.importedCourseTitle]) as ContentHash;

/**
 * Id of one attempt: the client's Idempotency-Key together with the content, so that a key used for other content is
 * another attempt. A request without a key gets one of its own.
 *
 * @param contentHash null for a withdrawal, which has no content
 */
export const submissionIdOf = (
  idempotencyKey: string | undefined,
  contentHash: ContentHash | null,
): SubmissionId => digest(['key', idempotencyKey ?? randomUUID(), contentHash]) as SubmissionId;

/**
 * Id of an imported row without a submission id of its own: what it says and its line number, so that a file imported
 * twice changes nothing.
 *
 * @param line line number in the file, from 1
 */
export const importedRowIdOf = (
  line: number,
  reviewId: ReviewId,
  createdAtMs: number | null,
  contentHash: ContentHash,
): SubmissionId => digest(['row', line, reviewId, createdAtMs, contentHash]) as SubmissionId;

// JSON of an array of primitives is canonical: one text per value, no separator that content could imitate.
const digest = (parts: readonly (string | number | null)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
