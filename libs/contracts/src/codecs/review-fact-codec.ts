import type { EpochDay, ReviewFact } from '@reviews/domain';
import { CodecError } from '../confluent-avro.js';
import {
  parseChangeRecord,
  toCause,
  toCauseRecord,
  toChangeRecord,
  type ReviewChangeRecord,
} from './review-change-record.js';

/** A value of `reviews-valid` as Avro has it. */
export interface ReviewFactRecord extends Omit<ReviewChangeRecord, 'reviewId' | 'courseId' | 'userId'> {
  readonly kind: 'unknown' | 'review_changed' | 'day_started' | 'progress';
  readonly day: number | null;
  readonly reviewId: string | null;
  readonly courseId: string | null;
  readonly userId: string | null;
}

const NO_CHANGE = { day: null, reviewId: null, courseId: null, userId: null, before: null, after: null };

export const toReviewFactRecord = (fact: ReviewFact): ReviewFactRecord => {
  switch (fact.kind) {
    case 'review-changed':
      return { kind: 'review_changed', day: null, ...toChangeRecord(fact) };
    case 'day-started':
      return { ...NO_CHANGE, kind: 'day_started', ...toCauseRecord(fact.cause), day: fact.day };
    case 'progress':
      return { ...NO_CHANGE, kind: 'progress', ...toCauseRecord(fact.cause) };
  }
};

/** @throws CodecError when the record is impossible */
export const parseReviewFactRecord = (record: ReviewFactRecord): ReviewFact => {
  switch (record.kind) {
    case 'review_changed': {
      const { reviewId, courseId, userId } = record;
      if (reviewId === null || courseId === null || userId === null)
        throw new CodecError('A changed review without its ids');
      return { kind: 'review-changed', ...parseChangeRecord({ ...record, reviewId, courseId, userId }) };
    }
    case 'day_started':
      if (record.day === null) throw new CodecError('A started day without its date');
      return { kind: 'day-started', cause: toCause(record), day: record.day as EpochDay };
    case 'progress':
      return { kind: 'progress', cause: toCause(record) };
    case 'unknown':
      throw new CodecError('A fact of an unknown kind');
  }
};
