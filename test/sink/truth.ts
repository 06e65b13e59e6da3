import { reviewIdOf } from '@reviews/contracts';
import type {
  CourseId,
  EventTimeMs,
  HalfStars,
  PublishedReview,
  ReviewChange,
  ReviewChanged,
  ReviewHeld,
  UserId,
} from '@reviews/domain';
import type { Random } from '../campaign/random.js';

const FIRST_MS = 1_700_000_000_000;
const COURSES = 12;
const USERS = 40;
/** So long that what is read again comes in several batches. */
const MAX_WORDS = 150;
const VERDICT = {
  kind: 'held',
  score: 77,
  reasons: ['copied', 'burst'],
  detectorName: 'rules',
  detectorVersion: '3',
} as const;

/** What became of a review, kept by the one who decides it: nothing is concluded from records. */
export interface ReviewTruth {
  readonly courseId: CourseId;
  readonly userId: UserId;
  status: 'published' | 'held' | 'withdrawn';
  /** As it was written last. */
  content: PublishedReview;
  createdAtMs: number;
}

/** What one command made, in the order of its causes. */
export interface CommandFacts {
  readonly valid: readonly ReviewChanged[];
  readonly fraud: readonly ReviewHeld[];
}

/** The reviews of one partition, and a stream of commands that changes them in every way there is. */
export class PartitionTruth {
  readonly reviews = new Map<string, ReviewTruth>();
  readonly #partition: number;
  readonly #random: Random;
  /** The next offset in `reviews`. */
  offset = 0;

  constructor(partition: number, random: Random) {
    this.#partition = partition;
    this.#random = random;
  }

  /** One command on a review drawn at random; sometimes it has another one held, or its own. */
  command(): CommandFacts {
    const facts = new Facts(this.offset);
    this.offset += 1;
    const review = this.#drawn();
    const wish = this.#random.pick(['publish', 'publish', 'publish', 'hold', 'withdraw']);
    if (wish === 'withdraw') this.#withdraw(review, facts);
    else this.#submit(review, wish === 'publish' ? 'published' : 'held', facts);
    if (this.#random.chance(0.1)) this.#holdLater(this.#random.chance(0.3) ? review : this.#drawn(), facts);
    return facts;
  }

  #drawn(): ReviewTruth {
    const courseId = `c${this.#partition}-${this.#random.below(COURSES)}` as CourseId;
    const userId = `u${this.#random.below(USERS)}` as UserId;
    const key = `${courseId}/${userId}`;
    const known = this.reviews.get(key);
    if (known !== undefined) return known;
    // Withdrawn like one that was never written, until its first submission; left out of the rows that are expected.
    return { courseId, userId, status: 'withdrawn', content: this.#written(0), createdAtMs: 0 };
  }

  #submit(review: ReviewTruth, status: 'published' | 'held', facts: Facts): void {
    const before = review.status;
    const atMs = FIRST_MS + this.offset * 1_000;
    if (before === 'withdrawn') review.createdAtMs = atMs;
    review.content = this.#written(atMs, review.createdAtMs);
    review.status = status;
    this.reviews.set(`${review.courseId}/${review.userId}`, review);
    // As the fraud-detector does: reviews-valid first, whichever of the two takes it on.
    if (status === 'published') facts.onValid(review, review.content);
    else if (before === 'published') facts.onValid(review, null);
    if (status === 'held') facts.onFraud(review, review.content, null);
    else if (before === 'held') facts.onFraud(review, null, null);
  }

  #withdraw(review: ReviewTruth, facts: Facts): void {
    if (review.status === 'published') facts.onValid(review, null);
    if (review.status === 'held') facts.onFraud(review, null, null);
    review.status = 'withdrawn';
  }

  #holdLater(review: ReviewTruth, facts: Facts): void {
    if (review.status !== 'published') return;
    review.status = 'held';
    facts.onValid(review, null);
    facts.onFraud(review, { ...review.content, title: null, content: null }, this.offset);
  }

  #written(modifiedAtMs: number, createdAtMs = modifiedAtMs): PublishedReview {
    const words = Array.from({ length: this.#random.below(MAX_WORDS) }, () => `w${this.#random.below(500)}`);
    return {
      halfStars: (1 + this.#random.below(10)) as HalfStars,
      createdAtMs: createdAtMs as EventTimeMs,
      modifiedAtMs: modifiedAtMs as EventTimeMs,
      imported: this.#random.chance(0.2),
      courseTitle: null,
      title: this.#random.chance(0.3) ? null : `at ${modifiedAtMs}`,
      content: words.length === 0 ? null : words.join(' '),
    };
  }
}

/** The facts of one command, as they are written. */
class Facts implements CommandFacts {
  readonly valid: ReviewChanged[] = [];
  readonly fraud: ReviewHeld[] = [];
  readonly #offset: number;

  constructor(offset: number) {
    this.#offset = offset;
  }

  onValid(review: ReviewTruth, after: PublishedReview | null): void {
    this.valid.push({ kind: 'review-changed', ...this.#change(review), after });
  }

  onFraud(review: ReviewTruth, after: PublishedReview | null, textOffset: number | null): void {
    this.fraud.push({ ...this.#change(review), after, verdict: after === null ? null : VERDICT, textOffset });
  }

  #change({ courseId, userId }: ReviewTruth): Omit<ReviewChange, 'after'> {
    const ordinal = this.valid.length + this.fraud.length;
    const reviewId = reviewIdOf(courseId, userId);
    return { cause: { offset: this.#offset, ordinal }, reviewId, courseId, userId, before: null };
  }
}
