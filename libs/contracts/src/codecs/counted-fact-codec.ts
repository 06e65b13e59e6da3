import {
  type Cause,
  type CourseId,
  type EpochDay,
  type EventTimeMs,
  type RatedReview,
  type RatingChange,
  type ReviewFact,
} from '@reviews/domain';
import { CodecError } from '../confluent-avro.js';
import { parseHalfStars, toCause } from './review-change-record.js';
import type { ReviewFactRecord } from './review-fact-codec.js';

interface RatedReviewRecord {
  readonly halfStars: number;
  readonly createdAt: number;
}

/** A value of `reviews-valid` as Avro has it when it was read with `countedFactSchema`. */
export interface CountedFactRecord extends Pick<
  ReviewFactRecord,
  'kind' | 'causeOffset' | 'causeOrdinal' | 'day' | 'courseId'
> {
  readonly before: RatedReviewRecord | null;
  readonly after:
    (RatedReviewRecord & { readonly imported: boolean; readonly courseTitle: string | null }) | null;
}

/** A change of one review, as far as statistics depend on it. */
export interface RatingChanged extends RatingChange {
  readonly kind: 'review-changed';
  readonly cause: Cause;
  readonly courseId: CourseId;
}

/** One record of `reviews-valid`, as far as statistics depend on it. */
export type CountedFact = RatingChanged | Exclude<ReviewFact, { readonly kind: 'review-changed' }>;

/** @throws CodecError when the record is impossible */
export const parseCountedFactRecord = (record: CountedFactRecord): CountedFact => {
  const cause = toCause(record);
  switch (record.kind) {
    case 'review_changed':
      if (record.courseId === null) throw new CodecError('A changed review without its course');
      return {
        kind: 'review-changed',
        cause,
        // Written by the fraud-detector from an id that was checked on the way in.
        courseId: record.courseId as CourseId,
        before: record.before === null ? null : parseRated(record.before),
        after: record.after === null ? null : parseAfter(record.after),
      };
    case 'day_started':
      if (record.day === null) throw new CodecError('A started day without its date');
      return { kind: 'day-started', cause, day: record.day as EpochDay };
    case 'progress':
      return { kind: 'progress', cause };
    case 'unknown':
      throw new CodecError('A fact of an unknown kind');
  }
};

const parseRated = ({ halfStars, createdAt }: RatedReviewRecord): RatedReview => ({
  halfStars: parseHalfStars(halfStars),
  createdAtMs: createdAt as EventTimeMs,
});

const parseAfter = (after: NonNullable<CountedFactRecord['after']>): NonNullable<RatingChange['after']> => ({
  halfStars: parseHalfStars(after.halfStars),
  createdAtMs: after.createdAt as EventTimeMs,
  imported: after.imported,
  courseTitle: after.courseTitle,
});
