import {
  CodecError,
  ledgerEntryCodec,
  parseReviewCommandRecord,
  toReviewFactRecord,
  toReviewHeldRecord,
  type ConfluentAvro,
  type ReviewCommandRecord,
  type ReviewFactRecord,
  type ReviewHeldRecord,
} from '@reviews/contracts';
import {
  dayOf,
  decide,
  nextCause,
  NO_CAUSE,
  type Cause,
  type EpochDay,
  type EventTimeMs,
  type FraudDetector,
  type LedgerDecision,
  type ReviewCommand,
  type ReviewFact,
  type ReviewHeld,
} from '@reviews/domain';
import type { StreamRecord, TaskLogic, TransactionContext } from '@reviews/streams';
import { FIRST_STATE, type PartitionState } from './partition-state.js';

/** What the fraud-detector keeps. */
export const stores = { ledger: { name: 'ledger', codec: ledgerEntryCodec } };

type Context = TransactionContext<typeof stores, PartitionState>;

/** What the logic works with: the detector, and the way in and out. */
export interface LedgerPorts {
  readonly detector: FraudDetector;
  readonly commands: Pick<ConfluentAvro<ReviewCommandRecord>, 'decode'>;
  readonly facts: Pick<ConfluentAvro<ReviewFactRecord>, 'encode'>;
  readonly holds: Pick<ConfluentAvro<ReviewHeldRecord>, 'encode'>;
  readonly validTopic: string;
  readonly fraudTopic: string;
}

/** Turns commands into facts, command by command, and days into day-started facts. */
export const ledgerLogic = (ports: LedgerPorts): TaskLogic<typeof stores, PartitionState> => {
  /** Of the open transaction. */
  let writer: FactWriter | undefined;
  const writerIn = (context: Context): FactWriter => (writer ??= factWriter(ports, context));

  return {
    process(records, context) {
      const open = writerIn(context);
      for (const record of records) handle(ports, open, context, record);
    },
    tick(context) {
      writerIn(context).startDay(dayOf(context.appendTimeMs));
    },
    finish() {
      writer?.finish();
      writer = undefined;
    },
  };
};

const handle = (ports: LedgerPorts, writer: FactWriter, context: Context, record: StreamRecord): void => {
  writer.handle(record.offset);
  let command: ReviewCommand;
  try {
    command = parseReviewCommandRecord(ports.commands.decode(record.value));
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    context.deadLetter(record, 'undecodable', error);
    return;
  }
  const { offset } = record;
  const appendTimeMs = record.appendTimeMs as EventTimeMs;
  const before = context.get('ledger', command.reviewId) ?? null;
  const decision = decide(before, { command, offset, appendTimeMs }, ports.detector);
  if (decision.entry !== null && decision.entry !== before)
    context.put('ledger', command.reviewId, decision.entry);
  if (decision.valid === null && decision.held === null) return;
  writer.startDay(dayOf(appendTimeMs));
  writer.write(command, decision, offset);
};

interface FactWriter {
  /** Says once that a later day has begun. */
  startDay(day: EpochDay): void;
  write(command: ReviewCommand, decision: LedgerDecision, offset: number): void;
  /** A command is being handled. */
  handle(offset: number): void;
  /** Makes sure that a fact or a progress record covers the last command, and keeps what the next transaction needs. */
  finish(): void;
}

const factWriter = (ports: LedgerPorts, context: Context): FactWriter => {
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

  return {
    startDay(reached) {
      // Broker clocks may step back; days never do.
      if (day !== null && reached <= day) return;
      day = reached;
      // Caused by what came before it, so that a fact of a command always stands for the whole command.
      emitFact({ kind: 'day-started', cause: advance(cause.offset), day: reached }, null);
    },
    write(command, { valid, held }, offset) {
      const { reviewId, courseId, userId } = command;
      if (valid !== null) {
        emitFact(
          { kind: 'review-changed', cause: advance(offset), reviewId, courseId, userId, ...valid },
          courseId,
        );
        coveredOffset = offset;
      }
      if (held !== null) {
        const hold: ReviewHeld = { cause: advance(offset), reviewId, courseId, userId, ...held };
        context.emit(ports.fraudTopic, {
          key: Buffer.from(courseId),
          value: ports.holds.encode(toReviewHeldRecord(hold)),
        });
      }
    },
    handle(offset) {
      lastOffset = offset;
    },
    finish() {
      if (coveredOffset !== lastOffset) emitFact({ kind: 'progress', cause: advance(lastOffset) }, null);
      if (day !== initial.day || cause !== initial.cause) context.setPartitionState({ day, cause });
    },
  };
};
