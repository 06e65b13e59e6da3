/** The answer to a submission that is in the log. */
export interface SubmittedReviewResponse {
  readonly reviewId: string;
  readonly courseId: string;
  readonly userId: string;
  /** In stars. */
  readonly rating: number;
  /** The broker's time. */
  readonly submittedAt: string;
  readonly position: string;
}

/** The answer to a withdrawal that is in the log, whether or not there was a review. */
export interface WithdrawnReviewResponse {
  readonly reviewId: string;
  readonly position: string;
}
