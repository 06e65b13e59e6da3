/** A review by its address: what became of it. */
export type ReviewResponse = PublishedReviewResponse | HeldReviewResponse | WithdrawnReviewResponse;

interface ReviewIdentityResponse {
  readonly reviewId: string;
  readonly courseId: string;
  readonly userId: string;
}

interface ReviewContentResponse extends ReviewIdentityResponse {
  /** In stars. */
  readonly rating: number;
  readonly title: string | null;
  readonly content: string | null;
  /** When it was first written. */
  readonly createdAt: string;
  /** When what it says now was written. */
  readonly modifiedAt: string;
}

/** One that counts. */
export interface PublishedReviewResponse extends ReviewContentResponse {
  readonly status: 'published';
}

/** One that is kept back as possible fraud. */
export interface HeldReviewResponse extends ReviewContentResponse {
  readonly status: 'held';
  readonly verdict: VerdictResponse;
}

/** Who held a review, and why. */
export interface VerdictResponse {
  /** Suspicion from 0 to 100. */
  readonly score: number;
  /** At least one, for machines. */
  readonly reasons: readonly string[];
  readonly detector: string;
  readonly detectorVersion: string;
}

/** One that was taken back: nothing of its content is told. */
export interface WithdrawnReviewResponse extends ReviewIdentityResponse {
  readonly status: 'withdrawn';
}

/** Published reviews of a course. */
export interface ReviewPageResponse {
  readonly reviews: readonly PublishedReviewResponse[];
  /** For the next page; null after the last. */
  readonly nextCursor: string | null;
}
