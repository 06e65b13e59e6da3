import { isLaterCause, type Cause, type CountedReview, type HeldVerdict } from '@reviews/domain';

/** What records of `reviews-valid` and `reviews-fraud` say of a review, as it is to be stored. */
export interface ReviewUpdate {
  readonly courseId: string;
  readonly userId: string;
  readonly reviewId: string;
  /** Where {@link state} comes from. */
  readonly cause: Cause;
  readonly state: ReviewState;
  /** Null: nothing is said of the text. */
  readonly text: ReviewText | null;
}

export type ReviewState =
  | ({ readonly kind: 'published' } & RatedReview)
  | ({ readonly kind: 'held'; readonly verdict: HeldVerdict } & RatedReview)
  | { readonly kind: 'withdrawn' };

interface RatedReview extends CountedReview {
  readonly imported: boolean;
}

/** Title and content, with a cause of their own: a review held after the fact keeps the text it was published with. */
export interface ReviewText {
  readonly cause: Cause;
  readonly title: string | null;
  readonly content: string | null;
}

/**
 * What two records together say of a review. Whichever comes first, and however often: the latest word on its state, and
 * the latest text.
 */
export const mergeUpdates = (one: ReviewUpdate, other: ReviewUpdate): ReviewUpdate => {
  const { cause, state } = supersedes(other, one) ? other : one;
  return { ...one, cause, state, text: laterText(one.text, other.text) };
};

/**
 * One update per review, or PostgreSQL refuses to write a row twice; by course and user, as the table is sorted.
 */
export const mergedByReview = (updates: readonly ReviewUpdate[]): readonly ReviewUpdate[] => {
  const merged = new Map<string, ReviewUpdate>();
  for (const update of updates) {
    // Neither id contains a slash.
    const key = `${update.courseId}/${update.userId}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? update : mergeUpdates(known, update));
  }
  return [...merged.values()].sort(byKey);
};

/**
 * Whether `next` is a later word than `previous`. One command may withdraw a review from one topic and publish or hold it
 * in the other, in either order of ordinals: then the review is there.
 */
const supersedes = (next: ReviewUpdate, previous: ReviewUpdate): boolean => {
  if (next.cause.offset !== previous.cause.offset) return next.cause.offset > previous.cause.offset;
  const isThere = next.state.kind !== 'withdrawn';
  const wasThere = previous.state.kind !== 'withdrawn';
  return isThere === wasThere ? isLaterCause(next.cause, previous.cause) : isThere;
};

const laterText = (one: ReviewText | null, other: ReviewText | null): ReviewText | null => {
  if (one === null || other === null) return one ?? other;
  return isLaterCause(other.cause, one.cause) ? other : one;
};

const byKey = (a: ReviewUpdate, b: ReviewUpdate): number =>
  compare(a.courseId, b.courseId) || compare(a.userId, b.userId);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
