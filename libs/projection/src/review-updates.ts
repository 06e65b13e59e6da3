import { CodecError, parseReviewFactRecord, parseReviewHeldRecord } from '@reviews/contracts';
import type { ReviewFactRecord, ReviewHeldRecord } from '@reviews/contracts';
import type { PublishedReview, ReviewChange, ReviewHeld } from '@reviews/domain';
import type { ReviewUpdate } from '@reviews/read-model';

/**
 * What a record of `reviews-valid` says of a review; null when it speaks of none.
 *
 * @throws CodecError when the record is impossible
 */
export const updateOfFact = (record: ReviewFactRecord): ReviewUpdate | null => {
  const fact = parseReviewFactRecord(record);
  switch (fact.kind) {
    case 'review-changed':
      return fact.after === null ? withdrawnBy(fact) : publishedBy(fact, fact.after);
    case 'day-started':
    case 'progress':
      return null;
  }
};

/**
 * What a record of `reviews-fraud` says of a review.
 *
 * @throws CodecError when the record is impossible
 */
export const updateOfHeld = (record: ReviewHeldRecord): ReviewUpdate => {
  const held = parseReviewHeldRecord(record);
  return held.after === null ? withdrawnBy(held) : heldBy(held, held.after);
};

const publishedBy = (change: ReviewChange, after: PublishedReview): ReviewUpdate => ({
  ...addressOf(change),
  state: { kind: 'published', ...ratedPartOf(after) },
  text: textOf(change, after),
});

const heldBy = (held: ReviewHeld, after: PublishedReview): ReviewUpdate => {
  if (held.verdict?.kind !== 'held') throw new CodecError('A review held without a verdict that says why');
  return {
    ...addressOf(held),
    state: { kind: 'held', verdict: held.verdict, ...ratedPartOf(after) },
    // Held after the fact, it keeps the text it was published with.
    text: held.textOffset === null ? textOf(held, after) : null,
  };
};

const withdrawnBy = (change: ReviewChange): ReviewUpdate => ({
  ...addressOf(change),
  state: { kind: 'withdrawn' },
  text: null,
});

const addressOf = ({
  courseId,
  userId,
  reviewId,
  cause,
}: ReviewChange): Pick<ReviewUpdate, 'courseId' | 'userId' | 'reviewId' | 'cause'> => ({
  courseId,
  userId,
  reviewId,
  cause,
});

const ratedPartOf = ({
  halfStars,
  createdAtMs,
  modifiedAtMs,
  imported,
}: PublishedReview): Pick<PublishedReview, 'halfStars' | 'createdAtMs' | 'modifiedAtMs' | 'imported'> => ({
  halfStars,
  createdAtMs,
  modifiedAtMs,
  imported,
});

const textOf = (
  { cause }: ReviewChange,
  { title, content }: PublishedReview,
): NonNullable<ReviewUpdate['text']> => ({ cause, title, content });
