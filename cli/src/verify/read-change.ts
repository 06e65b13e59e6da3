import type { CountedReviewRecord, ReviewFactRecord, ReviewHeldRecord } from '@reviews/contracts';
import { isHalfStars } from '@reviews/domain';
import type { StreamRecord } from '@reviews/streams';
import type { Change } from './accounting/change.js';

interface Caused {
  readonly offset: number;
  readonly appendTimeMs: number;
  readonly causeOffset: number;
  readonly causeOrdinal: number;
}

/** The partition has reached a day. */
export interface DayFact extends Caused {
  readonly topic: 'day';
  readonly day: number;
}

/** Commands up to the cause were decided. */
export interface ProgressFact extends Caused {
  readonly topic: 'progress';
}

/** A record of `reviews-valid` as it is looked at. */
export type Fact = Change | DayFact | ProgressFact;

/** What a record says; a text says why it says nothing that can be. */
export const factOf = (record: ReviewFactRecord, { offset, appendTimeMs }: StreamRecord): Fact | string => {
  const { causeOffset, causeOrdinal, reviewId, courseId, userId, before, after, day } = record;
  switch (record.kind) {
    case 'review_changed':
      if (reviewId === null || courseId === null || userId === null)
        return 'a changed review without its ids';
      return possible({
        topic: 'valid',
        offset,
        appendTimeMs,
        causeOffset,
        causeOrdinal,
        reviewId,
        courseId,
        userId,
        before,
        after,
        textOffset: null,
      });
    case 'day_started':
      return day === null
        ? 'a started day without its date'
        : { topic: 'day', offset, appendTimeMs, causeOffset, causeOrdinal, day };
    case 'progress':
      return { topic: 'progress', offset, appendTimeMs, causeOffset, causeOrdinal };
    case 'unknown':
      return 'a fact of an unknown kind';
  }
};

/** What a record of `reviews-fraud` says; a text says why it says nothing that can be. */
export const holdOf = (record: ReviewHeldRecord, { offset, appendTimeMs }: StreamRecord): Change | string => {
  const { causeOffset, causeOrdinal, reviewId, courseId, userId, before, after, textOffset } = record;
  return possible({
    topic: 'held',
    offset,
    appendTimeMs,
    causeOffset,
    causeOrdinal,
    reviewId,
    courseId,
    userId,
    before,
    after,
    textOffset,
  });
};

const possible = (change: Change): Change | string => {
  if (!isPossible(change.before) || !isPossible(change.after)) return 'an impossible rating';
  return change.before === null && change.after === null ? 'a change of nothing' : change;
};

const isPossible = (review: CountedReviewRecord | null): boolean =>
  review === null || isHalfStars(review.halfStars);
