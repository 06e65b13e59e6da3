import {
  isHalfStars,
  type Cause,
  type CountedReview,
  type CourseId,
  type EventTimeMs,
  type HalfStars,
  type PublishedReview,
  type ReviewChange,
  type ReviewId,
  type UserId,
} from '@reviews/domain';
import { CodecError } from '../confluent-avro.js';

/** `before` of a change as Avro has it. */
export interface CountedReviewRecord {
  readonly halfStars: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** `after` of a change as Avro has it. Text is absent when read with a schema that skips it. */
export interface PublishedReviewRecord extends CountedReviewRecord {
  readonly imported: boolean;
  readonly courseTitle: string | null;
  readonly title?: string | null;
  readonly content?: string | null;
}

/** The part of a change that `reviews-valid` and `reviews-fraud` have in common, as Avro has it. */
export interface ReviewChangeRecord {
  readonly causeOffset: number;
  readonly causeOrdinal: number;
  readonly reviewId: string;
  readonly courseId: string;
  readonly userId: string;
  readonly before: CountedReviewRecord | null;
  readonly after: PublishedReviewRecord | null;
}

export const toChangeRecord = (change: ReviewChange): ReviewChangeRecord => ({
  ...toCauseRecord(change.cause),
  reviewId: change.reviewId,
  courseId: change.courseId,
  userId: change.userId,
  before: change.before === null ? null : toCountedRecord(change.before),
  after: change.after === null ? null : toPublishedRecord(change.after),
});

/** @throws CodecError when the record is impossible */
export const parseChangeRecord = (record: ReviewChangeRecord): ReviewChange => ({
  cause: toCause(record),
  // Written by the fraud-detector from ids that were checked on the way in.
  reviewId: record.reviewId as ReviewId,
  courseId: record.courseId as CourseId,
  userId: record.userId as UserId,
  before: record.before === null ? null : parseCounted(record.before),
  after: record.after === null ? null : parsePublished(record.after),
});

export const toCauseRecord = (cause: Cause): Pick<ReviewChangeRecord, 'causeOffset' | 'causeOrdinal'> => ({
  causeOffset: cause.offset,
  causeOrdinal: cause.ordinal,
});

export const toCause = (record: Pick<ReviewChangeRecord, 'causeOffset' | 'causeOrdinal'>): Cause => ({
  offset: record.causeOffset,
  ordinal: record.causeOrdinal,
});

const toCountedRecord = ({ halfStars, createdAtMs, modifiedAtMs }: CountedReview): CountedReviewRecord => ({
  halfStars,
  createdAt: createdAtMs,
  modifiedAt: modifiedAtMs,
});

const toPublishedRecord = (review: PublishedReview): PublishedReviewRecord => ({
  ...toCountedRecord(review),
  imported: review.imported,
  courseTitle: review.courseTitle,
  title: review.title,
  content: review.content,
});

/** @throws CodecError when there is no such rating */
export const parseHalfStars = (halfStars: number): HalfStars => {
  if (!isHalfStars(halfStars)) throw new CodecError(`Impossible rating of ${halfStars} half stars`);
  return halfStars;
};

const parseCounted = ({ halfStars, createdAt, modifiedAt }: CountedReviewRecord): CountedReview => ({
  halfStars: parseHalfStars(halfStars),
  createdAtMs: createdAt as EventTimeMs,
  modifiedAtMs: modifiedAt as EventTimeMs,
});

const parsePublished = (record: PublishedReviewRecord): PublishedReview => ({
  ...parseCounted(record),
  imported: record.imported,
  courseTitle: record.courseTitle,
  title: record.title ?? null,
  content: record.content ?? null,
});
