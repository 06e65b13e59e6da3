import type { Cause, CountedReview, PublishedReview, ReviewChange, ReviewHeld } from '@reviews/domain';
import { AvroWriter, MAX_LONG_BYTES } from '../avro/avro-writer.js';
import { NULL, PRESENT } from '../avro/union.js';
import { maxVerdictBytes, writeVerdict } from '../avro/verdict.js';
import type { PlainCommand } from './plain-command.js';

/** What a fact says besides the ids and texts of its command. */
export type PlainChange = Pick<ReviewChange<CountedPart>, 'cause' | 'before' | 'after'>;
type CountedPart = CountedReview & Pick<PublishedReview, 'imported'>;
/** What a hold says besides the ids and texts of its command. */
export type PlainHold = PlainChange & Pick<ReviewHeld, 'verdict'>;

export type PlainFactWriter = (command: PlainCommand, change: PlainChange) => Buffer;
export type PlainHoldWriter = (command: PlainCommand, hold: PlainHold) => Buffer;

/** The kinds of the topics, as Avro numbers them. */
const REVIEW_CHANGED = 1;
const VERDICT_KINDS = { valid: 1, held: 2 };
/** Most bytes of a value besides texts and verdict: header, numbers and branches. */
const MAX_REST_BYTES = 20 * MAX_LONG_BYTES;

/**
 * Writes facts of commands: what they share, ids and texts, is copied from the command's value, encoded as it is. Gives the same
 * bytes as encoding `toReviewFactRecord` of the same.
 *
 * @param header what every value of the topic begins with
 */
export const plainFactWriter = (header: Buffer): PlainFactWriter => {
  const writer = new AvroWriter();
  return (command, change) => {
    const { bytes, reviewIdAt, courseIdAt, userIdAt, addressEnd } = command;
    writer.begin(MAX_REST_BYTES + bytes.length);
    writer.part(header, 0, header.length);
    writer.long(REVIEW_CHANGED);
    writeCause(writer, change.cause);
    writer.byte(NULL); // day
    writer.byte(PRESENT);
    writer.part(bytes, reviewIdAt, courseIdAt);
    writer.byte(PRESENT);
    writer.part(bytes, courseIdAt, userIdAt);
    writer.byte(PRESENT);
    writer.part(bytes, userIdAt, addressEnd);
    writeSides(writer, command, change);
    return writer.take();
  };
};

/** Writes holds of commands, as {@link plainFactWriter} writes facts. */
export const plainHoldWriter = (header: Buffer): PlainHoldWriter => {
  const writer = new AvroWriter();
  return (command, hold) => {
    const { bytes, reviewIdAt, addressEnd } = command;
    const { verdict } = hold;
    writer.begin(MAX_REST_BYTES + bytes.length + (verdict === null ? 0 : maxVerdictBytes(verdict)));
    writer.part(header, 0, header.length);
    writeCause(writer, hold.cause);
    writer.part(bytes, reviewIdAt, addressEnd);
    writer.byte(verdict === null ? NULL : PRESENT);
    if (verdict !== null) writeVerdict(writer, verdict, VERDICT_KINDS);
    writer.byte(NULL); // textOffset
    writeSides(writer, command, hold);
    return writer.take();
  };
};

const writeCause = (writer: AvroWriter, { offset, ordinal }: Cause): void => {
  writer.long(offset);
  writer.long(ordinal);
};

const writeCounted = (writer: AvroWriter, counted: CountedReview): void => {
  writer.byte(PRESENT);
  writer.long(counted.halfStars);
  writer.long(counted.createdAtMs);
  writer.long(counted.modifiedAtMs);
};

/** `before`, and `after` with the texts of the command. */
const writeSides = (writer: AvroWriter, { bytes, textsAt }: PlainCommand, change: PlainChange): void => {
  const { before, after } = change;
  if (before === null) writer.byte(NULL);
  else writeCounted(writer, before);
  if (after === null) {
    writer.byte(NULL);
    return;
  }
  writeCounted(writer, after);
  writer.byte(after.imported ? 1 : 0);
  writer.part(bytes, textsAt, bytes.length);
};
