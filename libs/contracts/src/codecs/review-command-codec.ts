import {
  isHalfStars,
  parseCourseId,
  parseUserId,
  type ContentHash,
  type EventTimeMs,
  type ReviewCommand,
  type SubmissionId,
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
  const address = { reviewId, courseId, userId, submissionId: record.submissionId as SubmissionId };
  switch (record.kind) {
    case 'withdrawn':
      return { kind: 'withdrawn', ...address };
    case 'submitted': {
      const { halfStars, contentHash, imported, courseTitle, title, content } = record;
      if (halfStars === null || !isHalfStars(halfStars))
        throw new CodecError(`Impossible rating of ${String(halfStars)} half stars`);
      if (contentHash === null) throw new CodecError('A submission without contentHash');
      return {
        kind: 'submitted',
        ...address,
        imported,
        createdAtMs: record.createdAt as EventTimeMs | null,
        contentHash: contentHash as ContentHash,
        halfStars,
        courseTitle,
        title,
        content,
      };
    }
    case 'unknown':
      throw new CodecError('A command of an unknown kind');
  }
};
