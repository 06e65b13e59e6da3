import {
  toCourseStatisticsRecord,
  toReviewCommandRecord,
  toReviewFactRecord,
  toReviewHeldRecord,
  reviewIdOf,
  type AggregatorProgress,
  type CourseStatisticsRecord,
  type ReviewCommandRecord,
  type ReviewFactRecord,
  type ReviewHeldRecord,
} from '@reviews/contracts';
import {
  countChange,
  dayOf,
  decide,
  emptyCourse,
  holdLater,
  NO_CAUSE,
  nextCause,
  rollTo,
  type Assessment,
  type Cause,
  type CourseId,
  type CourseState,
  type EpochDay,
  type EventTimeMs,
  type LedgerEntry,
  type ReviewChange,
  type ReviewCommand,
  type ReviewHeld,
} from '@reviews/domain';
import type { StoredCourseStatistics } from '@reviews/read-model';
import type { Loose } from './loose-record.js';
import { assessOf, commandOf, type Wish } from './wish.js';

/** Everything an installation of one partition has written, made by the domain's own rules. */
export interface World {
  readonly partitions: number;
  readonly reviews: Loose<ReviewCommandRecord>[];
  readonly valid: Loose<ReviewFactRecord>[];
  readonly held: Loose<ReviewHeldRecord>[];
  readonly letters: Loose<null>[];
  readonly longTerm: Loose<CourseStatisticsRecord>[];
  readonly recent: Loose<CourseStatisticsRecord>[];
  readonly progress: Loose<AggregatorProgress>[];
  readonly rows: StoredCourseStatistics[];
  /** First letter still there. */
  lettersLow: number;
}

/** Runs wishes through ledger and statistics, one by one. */
export const worldOf = (wishes: readonly Wish[], partitions = 1): World => {
  const maker = new WorldMaker(partitions);
  wishes.forEach((wish, index) => {
    maker.make(wish, index);
  });
  return maker.finish();
};

const TOPIC = 'reviews';
const TRANSACTION_WISHES = 3;

class WorldMaker {
  readonly #world: World;
  readonly #entries = new Map<string, LedgerEntry>();
  readonly #courses = new Map<CourseId, CourseState>();
  #day: EpochDay | null = null;
  #cause: Cause = NO_CAUSE;

  constructor(partitions: number) {
    this.#world = {
      partitions,
      reviews: [],
      valid: [],
      held: [],
      letters: [],
      longTerm: [],
      recent: [],
      progress: [],
      rows: [],
      lettersLow: 0,
    };
  }

  make(wish: Wish, index: number): void {
    const command = commandOf(wish, index);
    const offset = append(this.#world.reviews, wish.atMs, command.courseId, toReviewCommandRecord(command));
    const logged = this.#world.reviews.at(-1);
    if (wish.redriveOrigin !== undefined && logged !== undefined)
      logged.headers['redrive-origin'] = `${TOPIC}/0/${wish.redriveOrigin}`;
    if (wish.isPoison === true) {
      if (logged?.value) logged.value = { ...logged.value, halfStars: 99 };
      this.#bury(offset, wish.atMs);
    } else this.#decide(wish, command, offset);
    if (index % TRANSACTION_WISHES === TRANSACTION_WISHES - 1) this.#endTransaction(wish.atMs);
  }

  finish(): World {
    const world = this.#world;
    this.#endTransaction(world.reviews.at(-1)?.appendTimeMs ?? 0);
    for (const [courseId, { courseTitle, allTime, recent }] of this.#courses) {
      append(
        world.longTerm,
        0,
        courseId,
        toCourseStatisticsRecord({ courseId, courseTitle, ...allTime, day: null }),
      );
      append(world.recent, 0, courseId, toCourseStatisticsRecord({ courseId, courseTitle, ...recent }));
      world.rows.push({ courseId, courseTitle, allTime, recent });
    }
    append(world.progress, 0, '0', {
      partition: 0,
      reviewsEnd: this.#cause.offset + 1,
      reviewsValidEnd: world.valid.length,
      day: this.#day,
      longTermStatsEnd: world.longTerm.length,
      recentStatsEnd: world.recent.length,
    });
    return world;
  }

  /** The last command of a transaction is covered by a fact, or by a progress record. */
  #endTransaction(atMs: number): void {
    const last = this.#world.reviews.length - 1;
    if (this.#world.valid.at(-1)?.value?.causeOffset !== last)
      this.#factOf({ kind: 'progress', cause: this.#next(last) }, null, atMs);
  }

  #decide(wish: Wish, command: ReviewCommand, offset: number): void {
    const appended = {
      command,
      offset,
      appendTimeMs: wish.atMs as EventTimeMs,
      redrivenFrom:
        wish.redriveOrigin !== undefined && wish.redriveOrigin < offset ? wish.redriveOrigin : null,
    };
    const decision = decide(this.#entries.get(command.reviewId) ?? null, appended, assessOf(wish));
    this.#entries.set(command.reviewId, decision.entry);
    if (decision.valid === null && decision.held === null) return;
    const day = dayOf(wish.atMs);
    if (this.#day === null || day > this.#day) this.#startDay(day, wish.atMs);
    this.#write(command, decision, offset, wish.atMs);
    for (const later of decision.alsoHold) this.#hold(command, later, offset, wish.atMs);
  }

  #hold(
    { courseId }: ReviewCommand,
    { userId, verdict }: Assessment['alsoHold'][number],
    offset: number,
    atMs: number,
  ): void {
    const reviewId = reviewIdOf(courseId, userId);
    const entry = this.#entries.get(reviewId);
    const decision = entry === undefined ? null : holdLater(entry, verdict);
    if (decision === null) return;
    this.#entries.set(reviewId, decision.entry);
    this.#write({ reviewId, courseId, userId }, decision, offset, atMs);
  }

  #write(
    { reviewId, courseId, userId }: Pick<ReviewCommand, 'reviewId' | 'courseId' | 'userId'>,
    {
      valid,
      held,
    }: {
      readonly valid: Pick<ReviewChange, 'before' | 'after'> | null;
      readonly held: Pick<ReviewHeld, 'before' | 'after' | 'verdict' | 'textOffset'> | null;
    },
    offset: number,
    atMs: number,
  ): void {
    const address = { reviewId, courseId, userId };
    if (valid !== null) {
      const fact = { kind: 'review-changed', cause: this.#next(offset), ...address, ...valid } as const;
      const at = this.#factOf(fact, courseId, atMs);
      const day = this.#day ?? (0 as EpochDay);
      const course = this.#courses.get(courseId) ?? emptyCourse(day);
      const counted = countChange(course, valid, { offset: at, appendTimeMs: atMs });
      if (counted !== null) this.#courses.set(courseId, counted);
    }
    if (held !== null)
      append(
        this.#world.held,
        atMs,
        courseId,
        toReviewHeldRecord({ cause: this.#next(offset), ...address, ...held }),
      );
  }

  #startDay(day: EpochDay, atMs: number): void {
    this.#day = day;
    const offset = this.#factOf(
      { kind: 'day-started', cause: this.#next(this.#cause.offset), day },
      null,
      atMs,
    );
    for (const [courseId, course] of this.#courses)
      this.#courses.set(courseId, rollTo(course, day, { offset, appendTimeMs: atMs }));
  }

  #factOf(fact: Parameters<typeof toReviewFactRecord>[0], key: string | null, atMs: number): number {
    return append(this.#world.valid, atMs, key, toReviewFactRecord(fact));
  }

  #bury(offset: number, atMs: number): void {
    append(this.#world.letters, atMs, null, null);
    const letter = this.#world.letters.at(-1);
    if (letter !== undefined)
      letter.headers = {
        'dead-letter-topic': TOPIC,
        'dead-letter-partition': '0',
        'dead-letter-offset': String(offset),
        'dead-letter-append-time': String(atMs),
        'dead-letter-reason': 'undecodable',
        'dead-letter-error': 'an impossible rating',
      };
  }

  #next(offset: number): Cause {
    this.#cause = nextCause(this.#cause, offset);
    return this.#cause;
  }
}

const append = <T>(log: Loose<T>[], appendTimeMs: number, key: string | null, value: T | null): number => {
  const offset = log.length;
  log.push({ offset, appendTimeMs, key, value, headers: {} });
  return offset;
};
