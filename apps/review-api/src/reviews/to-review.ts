import { toRating } from '@reviews/domain';
import type { HeldReview, PublishedReview, StoredReview } from '@reviews/read-model';
import type { PublishedReviewResponse, ReviewResponse, VerdictResponse } from './review.response.js';

/** What clients see of a review. */
export const toReview = (review: StoredReview): ReviewResponse => {
  switch (review.status) {
    case 'published':
      return toPublishedReview(review);
    case 'held':
      return { ...identityOf(review), status: 'held', ...contentOf(review), verdict: toVerdict(review) };
    case 'withdrawn':
      return { ...identityOf(review), status: 'withdrawn' };
  }
};

export const toPublishedReview = (review: PublishedReview): PublishedReviewResponse => ({
  ...identityOf(review),
  status: 'published',
  ...contentOf(review),
});

const identityOf = ({ reviewId, courseId, userId }: StoredReview) => ({ reviewId, courseId, userId });

const contentOf = ({
  halfStars,
  title,
  content,
  createdAtMs,
  modifiedAtMs,
}: PublishedReview | HeldReview) => ({
  rating: toRating(halfStars),
  title,
  content,
  createdAt: new Date(createdAtMs).toISOString(),
  modifiedAt: new Date(modifiedAtMs).toISOString(),
});

const toVerdict = ({ verdict }: HeldReview): VerdictResponse => ({
  score: verdict.score,
  reasons: verdict.reasons,
  detector: verdict.detectorName,
  detectorVersion: verdict.detectorVersion,
});
