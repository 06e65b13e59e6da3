import { hash, randomUUID } from 'node:crypto';
import type { ContentHash, CourseId, HalfStars, ReviewId, SubmissionId, UserId } from '@reviews/domain';

const REVIEW_NAMESPACE = Buffer.from('5b0c6c1e4a555d0f9d0e6a3c1f2b7e90', 'hex');

/**
 * UUIDv5 (RFC 9562) of `courseId + "/" + userId`, lower case. Neither id can contain a slash.
 *
 * Written out because every row of an import and every command read asks for it: five times as fast as the package `uuid`,
 * which the tests compare it with.
 */
export const reviewIdOf = (courseId: CourseId, userId: UserId): ReviewId => {
  const name = `${courseId}/${userId}`;
  const length = REVIEW_NAMESPACE.length + name.length;
  // Both ids are ASCII: a byte for each character.
  if (length > hashed.length) hashed = roomFor(length);
  hashed.write(name, REVIEW_NAMESPACE.length, 'latin1');
  const sha1 = hash('sha1', hashed.subarray(0, length), 'hex');
  // Version 5 in the 13th digit, variant 10 in the two highest bits of the 17th.
  const variant = ((Number.parseInt(sha1.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${sha1.slice(0, 8)}-${sha1.slice(8, 12)}-5${sha1.slice(13, 16)}-${variant}${sha1.slice(17, 20)}-${sha1.slice(20, 32)}` as ReviewId;
};

/** Room for the namespace, which stays, and a name. */
const roomFor = (length: number): Buffer => {
  const room = Buffer.alloc(2 * length);
  REVIEW_NAMESPACE.copy(room);
  return room;
};
let hashed = roomFor(128);

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
  hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);
