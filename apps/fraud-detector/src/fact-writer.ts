import {
  courseKeyOf,
  toReviewFactRecord,
  toReviewHeldRecord,
  type ConfluentAvro,
  type PlainCommand,
  type PlainFactWriter,
  type PlainHoldWriter,
  type ReviewFactRecord,
  type ReviewHeldRecord,
} from '@reviews/contracts';
import {
  nextCause,
  NO_CAUSE,
  type Cause,
  type EpochDay,
  type LedgerDecision,
  type ReviewCommand,
  type ReviewFact,
  type ReviewHeld,
} from '@reviews/domain';
import type { TransactionContext } from '@reviews/streams';
import { FIRST_STATE, type PartitionState } from './partition-state.js';

/** The way out. */
export interface FactPorts {
  readonly facts: Pick<ConfluentAvro<ReviewFactRecord>, 'encode'>;
  readonly holds: Pick<ConfluentAvro<ReviewHeldRecord>, 'encode'>;
  /** What writes the facts and holds of plain commands. */
  readonly plainFact: PlainFactWriter;
  readonly plainHold: PlainHoldWriter;
  readonly validTopic: string;
  readonly fraudTopic: string;
}

/** Writes the facts of one transaction, each with its cause. */
export interface FactWriter {
  /** Says once that a later day has begun. */
  startDay(day: EpochDay): void;
  /** A command is being handled; starts its day, because a fact or a progress record is to follow. */
  handle(offset: number, day: EpochDay): void;
  /** What the command being handled did to a review. */
  write(review: ReviewAddress, change: Pick<LedgerDecision, 'valid' | 'held'>): void;
  /** What the command being handled, a plain one, did to its own review. The texts are those of the command. */
  writePlain(command: PlainCommand, change: Pick<LedgerDecision, 'valid' | 'held'>): void;
  /** Makes sure that a fact or a progress record covers the last command, and keeps what the next transaction needs. */
  finish(): void;
}

type ReviewAddress = Pick<ReviewCommand, 'reviewId' | 'courseId' | 'userId'>;
type Context = Pick<
  TransactionContext<never, PartitionState>,
  'emit' | 'partitionState' | 'setPartitionState'
>;

export const factWriter = (ports: FactPorts, context: Context): FactWriter => {
  const initial = context.partitionState() ?? FIRST_STATE;
  let { day, cause } = initial;
  let coveredOffset = NO_CAUSE.offset;
  let lastOffset = NO_CAUSE.offset;

  const emitFact = (fact: ReviewFact, key: string | null): void => {
    context.emit(ports.validTopic, {
      key: key === null ? null : Buffer.from(key),
      value: ports.facts.encode(toReviewFactRecord(fact)),
    });
  };
  const advance = (offset: number): Cause => (cause = nextCause(cause, offset));

  const startDay = (reached: EpochDay): void => {
    // Broker clocks may step back; days never do.
    if (day !== null && reached <= day) return;
    day = reached;
    // Caused by what came before it, so that its cause covers no command whose own fact is still to come.
    emitFact({ kind: 'day-started', cause: advance(cause.offset), day: reached }, null);
  };

  return {
    startDay,
    handle(offset, dayOfCommand) {
      startDay(dayOfCommand);
      lastOffset = offset;
    },
    write({ reviewId, courseId, userId }, { valid, held }) {
      const address = { reviewId, courseId, userId };
      if (valid !== null) {
        emitFact({ kind: 'review-changed', cause: advance(lastOffset), ...address, ...valid }, courseId);
        coveredOffset = lastOffset;
      }
      if (held !== null) {
        const hold: ReviewHeld = { cause: advance(lastOffset), ...address, ...held };
        context.emit(ports.fraudTopic, {
          key: Buffer.from(courseId),
          value: ports.holds.encode(toReviewHeldRecord(hold)),
        });
      }
    },
    writePlain(command, { valid, held }) {
      const key = courseKeyOf(command);
      if (valid !== null) {
        const { before, after } = valid;
        const value = ports.plainFact(command, { cause: advance(lastOffset), before, after });
        context.emit(ports.validTopic, { key, value });
        coveredOffset = lastOffset;
      }
      if (held !== null) {
        const { before, after, verdict } = held;
        const value = ports.plainHold(command, { cause: advance(lastOffset), before, after, verdict });
        context.emit(ports.fraudTopic, { key, value });
      }
    },
    finish() {
      if (coveredOffset !== lastOffset) emitFact({ kind: 'progress', cause: advance(lastOffset) }, null);
      if (day !== initial.day || cause !== initial.cause) context.setPartitionState({ day, cause });
    },
  };
};
