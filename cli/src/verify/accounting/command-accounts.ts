import type { Differences } from '../difference.js';
import type { Place } from '../place.js';
import type { Change } from './change.js';
import { NO_OUTCOMES, type Outcome } from './outcome-counts.js';
import {
  ReviewAccount,
  sameStand,
  toStand,
  type AppendedCommand,
  type NoChange,
  type Stand,
} from './review-account.js';

/** Where records of a partition stand. */
export interface Places {
  readonly reviews: Place;
  readonly valid: Place;
  readonly held: Place;
}

/** Accounts for the commands of a partition, one after the other, each with the changes it caused. */
export class CommandAccounts {
  readonly #places: Places;
  readonly #differences: Differences;
  readonly #reviews = new Map<string, ReviewAccount>();
  readonly counts: Record<Outcome, number> = { ...NO_OUTCOMES };

  constructor(places: Places, differences: Differences) {
    this.#places = places;
    this.#differences = differences;
  }

  /** Reviews that ever were. */
  get reviews(): number {
    return this.#reviews.size;
  }

  /**
   * Finds what became of a readable command.
   *
   * @returns `unexplained` when it should have caused a change and did not: see {@link lose}
   */
  account(command: AppendedCommand, changes: readonly Change[]): 'accounted' | 'unexplained' {
    const review = this.#reviewOf(command.record.reviewId);
    const noChange = review.noChangeBy(command);
    let own = changes;
    if (changes.length > 0) own = this.#ownOf(command, changes);
    if (own.length > 0) this.#settle(command, review, own, noChange);
    else if (noChange === undefined) return 'unexplained';
    else {
      this.counts[noChange] += 1;
      review.remember(command, noChange);
    }
    if (own.length < changes.length)
      this.#holdLater(
        command,
        changes.filter((change) => !own.includes(change)),
        own.length > 0 && command.record.kind === 'submitted',
      );
    return 'accounted';
  }

  /** An unexplained command is readable, so it was lost. */
  lose(command: AppendedCommand): void {
    this.counts.lost += 1;
    this.#reviewOf(command.record.reviewId).remember(command, 'lost');
    this.#differences.add(
      'lost-command',
      this.#places.reviews.at(command.offset),
      `course ${command.record.courseId}, review ${command.record.reviewId}: it changes something, and there is no fact of it`,
    );
  }

  /** Takes in changes that no command accounts for, so that each is reported once and not with all that follow. */
  adopt(change: Change): void {
    this.#apply(this.#reviewOf(change.reviewId), change);
  }

  #reviewOf(reviewId: string): ReviewAccount {
    let review = this.#reviews.get(reviewId);
    if (review === undefined) this.#reviews.set(reviewId, (review = new ReviewAccount()));
    return review;
  }

  /** The changes of the command's own review. */
  #ownOf({ record }: AppendedCommand, changes: readonly Change[]): readonly Change[] {
    const isOwn = ({ reviewId, courseId, userId }: Change): boolean =>
      reviewId === record.reviewId && courseId === record.courseId && userId === record.userId;
    return changes.every(isOwn) ? changes : changes.filter(isOwn);
  }

  #settle(
    command: AppendedCommand,
    review: ReviewAccount,
    own: readonly Change[],
    noChange: NoChange | undefined,
  ): void {
    const expected = command.record.kind === 'submitted' ? review.standAfter(command) : null;
    let stands = 0;
    for (const change of own) {
      this.#apply(review, change);
      if (change.after === null) continue;
      stands += 1;
      const { imported, courseTitle } = command.record;
      if (
        !sameStand(change.after, expected) ||
        change.after.imported !== imported ||
        change.after.courseTitle !== courseTitle
      )
        this.#report('wrong-after', change, `after is not what ${this.#named(command)} asks for`);
    }
    this.#judgeNumber(command, review, own, stands);
    this.counts[outcomeOf(own)] += 1;
    review.remember(command, 'changed');
    if (noChange !== undefined && own[0] !== undefined)
      this.#report('undue-change', own[0], `${this.#named(command)} changes nothing (${noChange})`);
  }

  #judgeNumber(
    command: AppendedCommand,
    review: ReviewAccount,
    own: readonly Change[],
    stands: number,
  ): void {
    const last = own.at(-1);
    if (last === undefined) return;
    const isTwiceInTopic = own.some(
      ({ topic }, index) => own.findIndex((one) => one.topic === topic) < index,
    );
    if (isTwiceInTopic || stands > 1 || (review.valid !== null && review.held !== null))
      this.#report('two-outcomes', last, `${this.#named(command)} has more than one outcome`);
    else if (stands === 0 && command.record.kind === 'submitted')
      this.#report('wrong-after', last, `${this.#named(command)} submits, and no after came of it`);
  }

  /** A burst may hold earlier reviews of its course: out of one topic, into the other, as they were. */
  #holdLater(command: AppendedCommand, others: readonly Change[], isPossible: boolean): void {
    const holds = new Map(
      others.flatMap((one) => (one.topic === 'held' ? [[one.reviewId, one] as const] : [])),
    );
    for (const change of others) {
      const review = this.#reviewOf(change.reviewId);
      const { valid, lastWord } = review;
      const hold = holds.get(change.reviewId);
      const isPaired =
        change.topic === 'held'
          ? others.some(({ topic, reviewId }) => topic === 'valid' && reviewId === change.reviewId)
          : hold?.before === null &&
            change.after === null &&
            hold.after !== null &&
            sameStand(hold.after, valid) &&
            hold.textOffset === lastWord;
      if (!isPossible || !isPaired || change.courseId !== command.record.courseId)
        this.#report(
          'foreign-fact',
          change,
          `caused by ${this.#named(command)}, but about review ${change.reviewId}, and no hold of it`,
        );
      this.#apply(review, change);
    }
  }

  #apply(review: ReviewAccount, change: Change): void {
    const { topic, before, after } = change;
    if (!sameStand(before, review[topic]))
      this.#report(
        'wrong-before',
        change,
        `review ${change.reviewId}: before is not what the review was (${standText(before)}, was ${standText(review[topic])})`,
      );
    review[topic] = after === null ? null : toStand(after);
  }

  #report(
    kind: 'wrong-before' | 'wrong-after' | 'two-outcomes' | 'undue-change' | 'foreign-fact',
    change: Change,
    what: string,
  ): void {
    this.#differences.add(
      kind,
      this.#places[change.topic].at(change.offset),
      `course ${change.courseId}: ${what}`,
    );
  }

  #named({ offset }: AppendedCommand): string {
    return `the command ${this.#places.reviews.at(offset)}`;
  }
}

/** Where the review stands now; of a withdrawal: where its fact is. */
const outcomeOf = (own: readonly Change[]): 'valid' | 'held' =>
  (own.find(({ after }) => after !== null) ?? own[0])?.topic ?? 'valid';

const standText = (stand: Stand | null): string =>
  stand === null
    ? 'nothing'
    : `${stand.halfStars / 2} stars of ${timeText(stand.createdAt)}, modified ${timeText(stand.modifiedAt)}`;

const timeText = (timeMs: number): string => new Date(timeMs).toISOString();
