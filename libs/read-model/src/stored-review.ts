import type { CourseId, EventTimeMs, HalfStars, HeldVerdict, ReviewId, UserId } from '@reviews/domain';

/** A review as the tables have it: what became of it last. */
export type StoredReview = PublishedReview | HeldReview | WithdrawnReview;

interface ReviewIdentity {
  readonly reviewId: ReviewId;
  readonly courseId: CourseId;
  readonly userId: UserId;
}

/** What a learner wrote, and when first and last. */
interface ReviewContent {
  readonly halfStars: HalfStars;
  readonly title: string | null;
  readonly content: string | null;
  readonly createdAtMs: EventTimeMs;
  readonly modifiedAtMs: EventTimeMs;
}

/** One that counts. */
export interface PublishedReview extends ReviewIdentity, ReviewContent {
  readonly status: 'published';
}

/** One that is kept back. */
export interface HeldReview extends ReviewIdentity, ReviewContent {
  readonly status: 'held';
  readonly verdict: Omit<HeldVerdict, 'kind'>;
}

/** One that was taken back: nothing of it is told. */
export interface WithdrawnReview extends ReviewIdentity {
  readonly status: 'withdrawn';
}

/** A row of `reviews`; only a withdrawn one lacks what may be null here. */
export interface ReviewRow {
  readonly review_id: ReviewId;
  readonly course_id: CourseId;
  readonly user_id: UserId;
  readonly status: StoredReview['status'];
  readonly half_stars: HalfStars;
  readonly title: string | null;
  readonly content: string | null;
  readonly created_at: Date;
  readonly modified_at: Date;
  readonly held_score: number;
  readonly held_reasons: readonly string[];
  readonly detector_name: string;
  readonly detector_version: string;
}

/** What to select for a {@link ReviewRow}. */
export const REVIEW_COLUMNS =
  'review_id, course_id, user_id, status, half_stars, title, content, created_at, modified_at, ' +
  'held_score, held_reasons, detector_name, detector_version';

export const toStoredReview = (row: ReviewRow): StoredReview => {
  switch (row.status) {
    case 'published':
      return toPublishedReview(row);
    case 'held':
      return { ...identityOf(row), status: 'held', ...contentOf(row), verdict: verdictOf(row) };
    case 'withdrawn':
      return { ...identityOf(row), status: 'withdrawn' };
  }
};

/** @param row one with the status published */
export const toPublishedReview = (row: ReviewRow): PublishedReview => ({
  ...identityOf(row),
  status: 'published',
  ...contentOf(row),
});

const identityOf = (row: ReviewRow): ReviewIdentity => ({
  reviewId: row.review_id,
  courseId: row.course_id,
  userId: row.user_id,
});

const contentOf = (row: ReviewRow): ReviewContent => ({
  halfStars: row.half_stars,
  title: row.title,
  content: row.content,
  createdAtMs: row.created_at.getTime() as EventTimeMs,
  modifiedAtMs: row.modified_at.getTime() as EventTimeMs,
});

const verdictOf = (row: ReviewRow): HeldReview['verdict'] => ({
  score: row.held_score,
  reasons: row.held_reasons,
  detectorName: row.detector_name,
  detectorVersion: row.detector_version,
});
