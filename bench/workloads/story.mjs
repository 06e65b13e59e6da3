/**
 * The seeded story that every workload tells: reviews of courses, some of them edited or withdrawn later, dated over 120 days that end
 * at one instant. It keeps what is live in arrays, which is all a naive recomputation needs.
 */
const EDITS = 0.03;
const WITHDRAWALS = 0.01;
export const DAYS = 120;
export const DAY_MS = 86_400_000;
const HALF_STARS = 10;
/** How often another review is looked for when the one picked was withdrawn already. */
const PICKS = 8;
const EDITED_AFTER_MS = 3_600_000;

/** A date at random among the days that end at `nowMs`. */
export const anyDate = (random, nowMs) => () => nowMs - Math.floor(random() * DAYS * DAY_MS);

/**
 * @param nextCourse which course a new review is of
 * @param dateOf when a new review of a course was written
 * @param shares shares of edits and withdrawals among the events
 */
export const reviewStory = ({ events, random, nowMs, nextCourse, dateOf, shares }) => {
  const { edits = EDITS, withdrawals = WITHDRAWALS } = shares ?? {};
  const reviews = {
    count: 0,
    course: new Int32Array(events),
    /** 0: withdrawn. */
    halfStars: new Uint8Array(events),
    createdAtMs: new Float64Array(events),
    modifiedAtMs: new Float64Array(events),
    /** How often each was changed. */
    changes: new Uint8Array(events),
  };
  /** One object for all events: millions of them would only be garbage. Half stars of 0 mean that there is no review. */
  const event = {
    review: 0,
    course: 0,
    /** 0 for a new review, 1 for its first change, and so on. */
    attempt: 0,
    createdAtMs: 0,
    before: 0,
    beforeModifiedAtMs: 0,
    after: 0,
    afterModifiedAtMs: 0,
  };
  const stars = () => 1 + Math.floor(random() * HALF_STARS);

  const pickLive = () => {
    for (let pick = 0; pick < PICKS; pick++) {
      const review = Math.floor(random() * reviews.count);
      if (reviews.count > 0 && reviews.halfStars[review] > 0) return review;
    }
    return -1;
  };

  const create = () => {
    const review = reviews.count++;
    const course = nextCourse();
    const createdAtMs = dateOf(course);
    reviews.course[review] = course;
    reviews.createdAtMs[review] = createdAtMs;
    event.attempt = 0;
    event.before = 0;
    event.beforeModifiedAtMs = 0;
    tell(review, stars(), createdAtMs);
  };

  const change = (review, halfStars) => {
    const wasAtMs = reviews.modifiedAtMs[review];
    event.attempt = ++reviews.changes[review];
    event.before = reviews.halfStars[review];
    event.beforeModifiedAtMs = wasAtMs;
    tell(review, halfStars, Math.min(nowMs, wasAtMs + EDITED_AFTER_MS));
  };

  const tell = (review, halfStars, modifiedAtMs) => {
    reviews.halfStars[review] = halfStars;
    reviews.modifiedAtMs[review] = modifiedAtMs;
    event.review = review;
    event.course = reviews.course[review];
    event.createdAtMs = reviews.createdAtMs[review];
    event.after = halfStars;
    event.afterModifiedAtMs = halfStars === 0 ? 0 : modifiedAtMs;
  };

  return {
    reviews,
    /** The next event, in an object that is used again. */
    next() {
      const chance = random();
      const review = chance < edits + withdrawals ? pickLive() : -1;
      if (review === -1) create();
      else change(review, chance < edits ? stars() : 0);
      return event;
    },
  };
};
