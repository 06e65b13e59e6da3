import type { CountedReviewRecord, ReviewCommandRecord } from '@reviews/contracts';

/**
 * What a command should do to its review, by the rules alone: this shares no code with the fraud-detector's ledger. Where
 * a review stands, and what it says, is taken from the facts.
 */

const REMEMBERED_ATTEMPTS = 8;

/** Why a command changes nothing. */
export type NoChange =
  /** One of the last attempts at this review had the same id. */
  | 'repeated'
  /** A dead letter sent again, whose review has moved on since. */
  | 'overtaken'
  /** A withdrawal of nothing. */
  | 'nothing-to-withdraw'
  /** An imported row older than the live content. */
  | 'older-import'
  /** The live content, said again. */
  | 'same-content';

/** What statistics depend on. */
export interface Stand {
  readonly halfStars: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A command, without its text, where it stands in `reviews`. */
export interface AppendedCommand {
  readonly offset: number;
  readonly appendTimeMs: number;
  readonly record: Omit<ReviewCommandRecord, 'title' | 'content'>;
  /** Where it stood before it was a dead letter; undefined when it never was one. */
  readonly redriveOrigin: number | undefined;
}

/** What is known of one review after some commands and their facts. */
export class ReviewAccount {
  /** As `reviews-valid` has it; null when it is not there. */
  valid: Stand | null = null;
  /** As `reviews-fraud` has it; null when it is not there. */
  held: Stand | null = null;
  /** Offset of the last command that made the review what it is, or said the same; of a redriven one, its first. */
  lastWord = -1;
  #contentHash: string | null = null;
  /** The newest last. */
  readonly #attempts: string[] = [];

  get live(): Stand | null {
    return this.valid ?? this.held;
  }

  /** Why this command changes nothing; undefined when it changes something. */
  noChangeBy(command: AppendedCommand): NoChange | undefined {
    const { record, redriveOrigin } = command;
    const { live } = this;
    if (this.#attempts.includes(record.submissionId)) return 'repeated';
    if (redriveOrigin !== undefined && this.lastWord > redriveOrigin) return 'overtaken';
    if (record.kind === 'withdrawn') return live === null ? 'nothing-to-withdraw' : undefined;
    if (live === null) return undefined;
    if (record.imported && writtenAtOf(command) < live.modifiedAt) return 'older-import';
    return record.contentHash === this.#contentHash ? 'same-content' : undefined;
  }

  /** What the review says after a submission that changes it. */
  standAfter(command: AppendedCommand): Stand {
    const writtenAt = writtenAtOf(command);
    return {
      halfStars: command.record.halfStars ?? 0,
      createdAt: this.live?.createdAt ?? writtenAt,
      modifiedAt: writtenAt,
    };
  }

  /** Keeps what later commands are judged by, once it is certain what this one did. */
  remember({ record, offset, redriveOrigin }: AppendedCommand, did: NoChange | 'changed' | 'lost'): void {
    if (did === 'repeated') return;
    this.#attempts.push(record.submissionId);
    if (this.#attempts.length > REMEMBERED_ATTEMPTS) this.#attempts.shift();
    if (did === 'changed') this.#contentHash = record.contentHash;
    if (did === 'changed' || did === 'same-content' || did === 'nothing-to-withdraw')
      this.lastWord = redriveOrigin ?? offset;
  }
}

/** Only an imported row carries a date of its own; everything else is dated by the broker. */
const writtenAtOf = ({ record, appendTimeMs }: AppendedCommand): number =>
  record.imported ? (record.createdAt ?? appendTimeMs) : appendTimeMs;

export const toStand = ({ halfStars, createdAt, modifiedAt }: CountedReviewRecord): Stand => ({
  halfStars,
  createdAt,
  modifiedAt,
});

export const sameStand = (a: Stand | null, b: Stand | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.halfStars === b.halfStars &&
    a.createdAt === b.createdAt &&
    a.modifiedAt === b.modifiedAt);
