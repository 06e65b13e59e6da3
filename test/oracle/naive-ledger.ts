/**
 * What the ledger must come to, written from the rules alone and sharing no code with the product: plain and slow on purpose.
 * Every review is looked at on its own, its commands one after the other, with the whole history at hand.
 */

export interface OracleSubmission {
  readonly kind: 'submitted';
  readonly offset: number;
  readonly appendTimeMs: number;
  readonly reviewId: string;
  readonly submissionId: string;
  readonly contentHash: string;
  readonly imported: boolean;
  readonly createdAtMs: number | null;
  readonly halfStars: number;
}

export interface OracleWithdrawal {
  readonly kind: 'withdrawn';
  readonly offset: number;
  readonly appendTimeMs: number;
  readonly reviewId: string;
  readonly submissionId: string;
}

export type OracleCommand = OracleSubmission | OracleWithdrawal;

export type OracleVerdict = 'valid' | 'held';

export interface OracleReview {
  readonly halfStars: number;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  readonly contentHash: string;
  readonly verdict: OracleVerdict;
}

const REMEMBERED_SUBMISSIONS = 8;

/** The reviews that are live after the last command, held ones included. */
export function liveReviews(
  commands: readonly OracleCommand[],
  verdictOf: (submission: OracleSubmission) => OracleVerdict,
): Map<string, OracleReview> {
  const live = new Map<string, OracleReview>();
  for (const reviewId of new Set(commands.map((command) => command.reviewId))) {
    const ofThisReview = commands.filter((command) => command.reviewId === reviewId);
    const review = liveReview(ofThisReview, verdictOf);
    if (review !== null) live.set(reviewId, review);
  }
  return live;
}

function liveReview(
  commands: readonly OracleCommand[],
  verdictOf: (submission: OracleSubmission) => OracleVerdict,
): OracleReview | null {
  let review: OracleReview | null = null;
  const seen: string[] = [];
  for (const command of commands) {
    if (seen.slice(-REMEMBERED_SUBMISSIONS).includes(command.submissionId)) continue;
    seen.push(command.submissionId);
    if (command.kind === 'withdrawn') {
      review = null;
      continue;
    }
    const dateMs = dateOf(command);
    if (command.imported && review !== null && dateMs < review.modifiedAtMs) continue;
    if (review?.contentHash === command.contentHash) continue;
    review = reviewOf(command, review, verdictOf(command));
  }
  return review;
}

const reviewOf = (
  submission: OracleSubmission,
  before: OracleReview | null,
  verdict: OracleVerdict,
): OracleReview => ({
  halfStars: submission.halfStars,
  createdAtMs: before === null ? dateOf(submission) : before.createdAtMs,
  modifiedAtMs: dateOf(submission),
  contentHash: submission.contentHash,
  verdict,
});

/** Only an imported row carries its own date; everything else is dated by the broker. */
const dateOf = ({ imported, createdAtMs, appendTimeMs }: OracleSubmission): number =>
  imported && createdAtMs !== null ? createdAtMs : appendTimeMs;
