import {
  storyOf,
  type NaiveCommand,
  type NaiveEvent,
  type NaiveReview,
  type NaiveStory,
} from './naive-story.js';
import {
  DAY_MS,
  naiveCourses,
  type NaiveChange,
  type NaiveDay,
  type NaiveStatistics,
} from './naive-statistics.js';

/** A record of `reviews-valid` with whole reviews on both sides. */
export type NaiveFact = NaiveDay | NaiveReviewFact;

interface NaiveReviewFact extends NaiveChange {
  readonly before: NaiveReview | null;
  readonly after: NaiveReview | null;
}

/** A record of `reviews-fraud`. */
export type NaiveHold = Pick<NaiveReviewFact, 'courseId' | 'userId' | 'before' | 'after'>;

/** One partition from commands to statistics, as design §5 tells it. */
export interface NaivePartition {
  /** A command was appended to `reviews`; what it makes is appended to `reviews-valid` at the same broker time. */
  readonly append: (command: NaiveCommand) => void;
  /** The broker's time, learnt without a command: an idle partition sees the day change, too. */
  readonly idle: (brokerTimeMs: number) => void;
  /** Offsets of `reviews-valid` without a fact: ends of transactions, progress. */
  readonly skipOffsets: (count: number) => void;
  readonly facts: readonly NaiveFact[];
  readonly holds: readonly NaiveHold[];
  readonly story: (courseId: string, userId: string) => NaiveStory;
  /** Null for a course that never had a valid review. */
  readonly statistics: (courseId: string) => NaiveStatistics | null;
}

interface Review {
  readonly events: NaiveEvent[];
  /** Told anew after each event. */
  story: NaiveStory;
}

const NO_STORY = storyOf([]);

export function naivePartition(): NaivePartition {
  const courses = naiveCourses();
  const reviews = new Map<string, Map<string, Review>>();
  const facts: NaiveFact[] = [];
  const holds: NaiveHold[] = [];
  let nextOffset = 0;

  const reviewOf = (courseId: string, userId: string): Review => {
    const ofCourse = reviews.get(courseId) ?? new Map<string, Review>();
    const review = ofCourse.get(userId) ?? { events: [], story: NO_STORY };
    reviews.set(courseId, ofCourse.set(userId, review));
    return review;
  };

  const publish = (fact: NaiveFact): void => {
    nextOffset++;
    facts.push(fact);
    courses.append(fact);
  };

  const reachDay = (brokerTimeMs: number): void => {
    const day = Math.floor(brokerTimeMs / DAY_MS);
    if (day > (courses.day() ?? -Infinity))
      publish({ kind: 'day-started', offset: nextOffset, appendTimeMs: brokerTimeMs, day });
  };

  /** Adds to a review's events, tells its story anew, and publishes what differs. */
  const happen = (courseId: string, userId: string, event: NaiveEvent, appendTimeMs: number): boolean => {
    const review = reviewOf(courseId, userId);
    const was = review.story;
    review.events.push(event);
    const is = storyOf(review.events);
    review.story = is;
    if (is.changes === was.changes) return false;
    const valid = { before: validOf(was.live), after: validOf(is.live) };
    const held = { before: heldOf(was.live), after: heldOf(is.live) };
    if (valid.before !== null || valid.after !== null)
      publish({ kind: 'review-changed', offset: nextOffset, appendTimeMs, courseId, userId, ...valid });
    if (held.before !== null || held.after !== null) holds.push({ courseId, userId, ...held });
    return true;
  };

  return {
    append(command) {
      const { courseId, appendTimeMs, offset } = command;
      // Whatever becomes of it, a fact or a record of progress is to follow.
      reachDay(appendTimeMs);
      const isChange = happen(courseId, command.userId, command, appendTimeMs);
      if (!isChange || command.kind === 'withdrawn') return;
      for (const userId of command.alsoHold)
        happen(courseId, userId, { kind: 'held-afterwards', offset }, appendTimeMs);
    },
    idle: reachDay,
    skipOffsets: (count) => (nextOffset += count),
    facts,
    holds,
    story: (courseId, userId) => reviews.get(courseId)?.get(userId)?.story ?? NO_STORY,
    statistics: courses.statistics,
  };
}

const validOf = (review: NaiveReview | null): NaiveReview | null =>
  review === null || review.held ? null : review;

const heldOf = (review: NaiveReview | null): NaiveReview | null =>
  review === null || !review.held ? null : review;
