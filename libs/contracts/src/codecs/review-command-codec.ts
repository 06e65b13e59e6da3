import {
  EARLIEST_CREATED_AT_MS,
  isHalfStars,
  MAX_CONTENT_LENGTH,
  MAX_TITLE_LENGTH,
  parseCourseId,
  parseUserId,
  type ContentHash,
  type EventTimeMs,
  type ReviewCommand,
  type SubmissionId,
  type SubmitReview,
} from '@reviews/domain';
import { CodecError } from '../confluent-avro.js';
import { reviewIdOf } from '../review-id.js';

/** A value of `reviews` as Avro has it. */
export interface ReviewCommandRecord {
  readonly kind: 'unknown' | 'submitted' | 'withdrawn';
  readonly reviewId: string;
  readonly courseId: string;
  readonly userId: string;
  readonly submissionId: string;
  readonly imported: boolean;
  readonly createdAt: number | null;
  readonly contentHash: string | null;
  readonly halfStars: number | null;
  readonly courseTitle: string | null;
  readonly title: string | null;
  readonly content: string | null;
}

export const HASH_PATTERN = /^[0-9a-f]{32}$/;
/** Dates with five digits of year fit neither RFC 3339 nor PostgreSQL. How far ahead a date may lie is for the edge to say. */
const LATEST_MS = Date.UTC(9999, 11, 31);

const NO_CONTENT = {
  imported: false,
  createdAt: null,
  contentHash: null,
  halfStars: null,
  courseTitle: null,
  title: null,
  content: null,
};

export const toReviewCommandRecord = (command: ReviewCommand): ReviewCommandRecord => {
  const { kind, reviewId, courseId, userId, submissionId } = command;
  const address = { kind, reviewId, courseId, userId, submissionId };
  switch (command.kind) {
    case 'withdrawn':
      return { ...address, ...NO_CONTENT };
    case 'submitted': {
      const { imported, createdAtMs, contentHash, halfStars, courseTitle, title, content } = command;
      return {
        ...address,
        imported,
        createdAt: createdAtMs,
        contentHash,
        halfStars,
        courseTitle,
        title,
        content,
      };
    }
  }
};

/**
 * The command a record stands for. Anybody may write to `reviews`, so everything is checked again.
 *
 * @throws CodecError when the record is impossible
 */
export const parseReviewCommandRecord = (record: ReviewCommandRecord): ReviewCommand => {
  const courseId = parseCourseId(record.courseId);
  const userId = parseUserId(record.userId);
  if (courseId === undefined) throw new CodecError(`Impossible courseId ${JSON.stringify(record.courseId)}`);
  if (userId === undefined) throw new CodecError(`Impossible userId ${JSON.stringify(record.userId)}`);
  const reviewId = reviewIdOf(courseId, userId);
  if (record.reviewId !== reviewId) throw new CodecError(`reviewId ${record.reviewId} belongs to others`);
  if (!HASH_PATTERN.test(record.submissionId)) throw new CodecError('A submissionId that is no hash');
  const address = { reviewId, courseId, userId, submissionId: record.submissionId as SubmissionId };
  switch (record.kind) {
    case 'withdrawn':
      return { kind: 'withdrawn', ...address };
    case 'submitted':
      return { kind: 'submitted', ...address, ...parseSubmission(record) };
    case 'unknown':
      throw new CodecError('A command of an unknown kind');
  }
};

const parseSubmission = (
  record: ReviewCommandRecord,
): Omit<SubmitReview, 'kind' | 'reviewId' | 'courseId' | 'userId' | 'submissionId'> => {
  const { halfStars, contentHash, imported, createdAt, courseTitle, title, content } = record;
  if (halfStars === null || !isHalfStars(halfStars))
    throw new CodecError(`Impossible rating of ${String(halfStars)} half stars`);
  if (contentHash === null || !HASH_PATTERN.test(contentHash))
    throw new CodecError('A submission without a contentHash');
  if (createdAt !== null && !(imported && isPossibleDate(createdAt)))
    throw new CodecError(`Impossible date ${createdAt}`);
  if ([courseTitle, title].some((text) => isLonger(text, MAX_TITLE_LENGTH)))
    throw new CodecError('A title that is too long');
  if (isLonger(content, MAX_CONTENT_LENGTH)) throw new CodecError('Content that is too long');
  return {
    imported,
    createdAtMs: createdAt as EventTimeMs | null,
    contentHash: contentHash as ContentHash,
    halfStars,
    courseTitle,
    title,
    content,
  };
};

export const isPossibleDate = (timeMs: number): boolean =>
  timeMs >= EARLIEST_CREATED_AT_MS && timeMs <= LATEST_MS;

const isLonger = (text: string | null, maxLength: number): boolean =>
  text !== null && text.length > maxLength;
