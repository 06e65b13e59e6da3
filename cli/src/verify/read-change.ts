import type {
  CountedReviewRecord,
  ReviewChangeRecord,
  ReviewFactRecord,
  ReviewHeldRecord,
} from '@reviews/contracts';
import { isHalfStars } from '@reviews/domain';
import type { StreamRecord } from '@reviews/streams';
import type { Change } from './accounting/change.js';

type Caused = Pick<Change, 'offset' | 'appendTimeMs' | 'causeOffset' | 'causeOrdinal'>;

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
export const factOf = (record: ReviewFactRecord, at: StreamRecord): Fact | string => {
  const { offset, appendTimeMs } = at;
  const { causeOffset, causeOrdinal, day } = record;
  switch (record.kind) {
    case 'review_changed':
      return hasIds(record) ? changeOf('valid', record, at, null) : 'a changed review without its ids';
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
export const holdOf = (record: ReviewHeldRecord, at: StreamRecord): Change | string =>
  changeOf('held', record, at, record.textOffset);

const hasIds = (record: ReviewFactRecord): record is ReviewFactRecord & ReviewChangeRecord =>
  record.reviewId !== null && record.courseId !== null && record.userId !== null;

// Field by field: of millions, a copy of each record would be felt.
const changeOf = (
  topic: Change['topic'],
  { causeOffset, causeOrdinal, reviewId, courseId, userId, before, after }: ReviewChangeRecord,
  { offset, appendTimeMs }: StreamRecord,
  textOffset: number | null,
): Change | string => {
  if (!isPossible(before) || !isPossible(after)) return 'an impossible rating';
  if (before === null && after === null) return 'a change of nothing';
  return {
    topic,
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
  };
};

const isPossible = (review: CountedReviewRecord | null): boolean =>
  review === null || isHalfStars(review.halfStars);
