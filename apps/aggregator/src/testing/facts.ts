import {
  DAY_MS,
  parseCourseId,
  parseRating,
  parseUserId,
  type Cause,
  type CountedReview,
  type EpochDay,
  type EventTimeMs,
  type ReviewFact,
  type ReviewId,
} from '@reviews/domain';

let ordinal = 0;
// Every fact of a test process has a later cause than the one before it.
const nextCause = (): Cause => ({ offset: 0, ordinal: ordinal++ });

/** The partition has reached a day. */
export const dayStarted = (day: number): ReviewFact => ({
  kind: 'day-started',
  cause: nextCause(),
  day: day as EpochDay,
});

/** A review of so many stars, written in the first moments of a day. */
export const reviewOf = (rating: number, day: number): CountedReview => {
  const halfStars = parseRating(rating);
  if (halfStars === undefined) throw new Error(String(rating));
  const timeMs = (day * DAY_MS + 1) as EventTimeMs;
  return { halfStars, createdAtMs: timeMs, modifiedAtMs: timeMs };
};

/** A review of a course came, changed, or went. */
export const changed = (
  course: string,
  before: CountedReview | null,
  after: CountedReview | null,
  user = 'ann',
): Extract<ReviewFact, { kind: 'review-changed' }> => {
  const courseId = parseCourseId(course);
  const userId = parseUserId(user);
  if (courseId === undefined || userId === undefined) throw new Error(course);
  const text = { imported: false, courseTitle: null, title: null, content: null };
  return {
    kind: 'review-changed',
    cause: nextCause(),
    reviewId: 'review' as ReviewId,
    courseId,
    userId,
    before,
    after: after === null ? null : { ...after, ...text },
  };
};
