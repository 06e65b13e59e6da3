import {
  bytesCodec,
  CodecError,
  ledgerEntryCodec,
  parseReviewCommandRecord,
  readPlainCommand,
  reviewIdOf,
  type ConfluentAvro,
  type PlainCommand,
  type ReviewCommandRecord,
} from '@reviews/contracts';
import {
  dayOf,
  decide,
  holdLater,
  type CourseId,
  type CourseMemory,
  type EventTimeMs,
  type FraudDetector,
  type LaterHold,
  type ReviewCommand,
} from '@reviews/domain';
import {
  redriveOrigin,
  type StreamRecord,
  type TaskLogic,
  type TopicPartition,
  type TransactionContext,
} from '@reviews/streams';
import { factWriter, type FactPorts, type FactWriter } from './fact-writer.js';
import type { PartitionState } from './partition-state.js';

/** What the fraud-detector keeps: of each review what the ledger needs, of each course what the detector remembers. */
export const stores = {
  ledger: { name: 'ledger', codec: ledgerEntryCodec, keeps: 'bytes' },
  memory: { name: 'detector-memory', codec: bytesCodec },
} as const;

type Context = TransactionContext<typeof stores, PartitionState>;

/** What the logic works with: the detector, and the way in and out. */
export interface LedgerPorts extends FactPorts {
  readonly detector: FraudDetector;
  readonly commands: Pick<ConfluentAvro<ReviewCommandRecord>, 'decode' | 'isOfOwnSchema'>;
  /** The partition that commands come from. */
  readonly source: TopicPartition;
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
  writer.handle(record.offset, dayOf(record.appendTimeMs));
  const plain = plainCommandIn(ports, record);
  const command = plain?.command ?? commandIn(ports, context, record);
  if (command === undefined) return;
  const { courseId, reviewId } = command;
  const appended = {
    command,
    offset: record.offset,
    appendTimeMs: record.appendTimeMs as EventTimeMs,
    redrivenFrom: redriveOrigin(record, ports.source) ?? null,
  };
  const before = context.get('ledger', reviewId) ?? null;
  const memory = memoryOf(ports.detector, courseId, context);
  const decision = decide(before, appended, (features) => ports.detector.assess(features, memory));
  if (decision.entry !== before) context.put('ledger', reviewId, decision.entry);
  if (decision.valid === null && decision.held === null) return;
  if (command.kind === 'withdrawn') ports.detector.withdraw?.(command.userId, memory);
  if (plain === undefined) writer.write(command, decision);
  else writer.writePlain(plain, decision);
  for (const hold of decision.alsoHold) holdEarlier(hold, courseId, writer, context);
};

/** Nearly all of them. Texts are not decoded for a detector that does not look at them. */
const plainCommandIn = (
  { commands, detector }: LedgerPorts,
  { value }: StreamRecord,
): PlainCommand | undefined =>
  value !== null && commands.isOfOwnSchema(value)
    ? readPlainCommand(value, detector.ignoresTexts === true ? 'checked' : 'decoded')
    : undefined;

/** Any command there can be; undefined when there is none, which is a dead letter then. */
const commandIn = (
  { commands }: LedgerPorts,
  context: Context,
  record: StreamRecord,
): ReviewCommand | undefined => {
  try {
    return parseReviewCommandRecord(commands.decode(record.value));
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    context.deadLetter(record, 'undecodable', error);
    return undefined;
  }
};

const holdEarlier = (
  { userId, verdict }: LaterHold,
  courseId: CourseId,
  writer: FactWriter,
  context: Context,
): void => {
  const reviewId = reviewIdOf(courseId, userId);
  const entry = context.get('ledger', reviewId);
  const decision = entry === undefined ? null : holdLater(entry, verdict);
  if (decision === null) return;
  context.put('ledger', reviewId, decision.entry);
  writer.write({ reviewId, courseId, userId }, decision);
};

/** Neither course ids nor names of detectors contain a slash. */
const memoryOf = ({ name }: FraudDetector, courseId: CourseId, context: Context): CourseMemory => {
  const keyOf = (key: string): string => `${courseId}/${name}/${key}`;
  return {
    get: (key) => context.get('memory', keyOf(key)),
    put: (key, value) => {
      context.put('memory', keyOf(key), value);
    },
    delete: (key) => {
      context.delete('memory', keyOf(key));
    },
  };
};
