import type { LedgerEntry, LiveReview } from '@reviews/domain';
import { AvroWriter, MAX_LONG_BYTES } from '../avro/avro-writer.js';
import { NULL, PRESENT } from '../avro/union.js';
import { maxVerdictBytes, writeVerdict } from '../avro/verdict.js';

const HASH_BYTES = 16;
const END_OF_ARRAY = 0;
const VERDICT_KINDS = { valid: 0, held: 1 };
/** Most bytes of an entry besides submission ids and verdict: version, numbers and the hash of the content. */
const MAX_REST_BYTES = 8 * MAX_LONG_BYTES + HASH_BYTES;
const writer = new AvroWriter();

/** Writes an entry of the present version by hand: nearly every command writes one. */
export const writeLedgerEntry = (
  version: number,
  { causeOffset, submissionIds, live }: LedgerEntry,
): Buffer => {
  writer.begin(
    MAX_REST_BYTES + submissionIds.length * HASH_BYTES + (live === null ? 0 : maxVerdictBytes(live.verdict)),
  );
  writer.byte(version);
  writer.long(causeOffset);
  if (submissionIds.length > 0) writer.long(submissionIds.length);
  for (const id of submissionIds) writeHash(id);
  writer.byte(END_OF_ARRAY);
  if (live === null) writer.byte(NULL);
  else writeLive(live);
  return writer.take();
};

const writeLive = (live: LiveReview): void => {
  writer.byte(PRESENT);
  writer.long(live.halfStars);
  writer.long(live.createdAtMs);
  writer.long(live.modifiedAtMs);
  writeHash(live.contentHash);
  writeVerdict(writer, live.verdict, VERDICT_KINDS);
  writer.byte(live.imported ? 1 : 0);
};

/** @param digits 32 lower-case hexadecimal ones */
const writeHash = (digits: string): void => {
  for (let index = 0; index < 2 * HASH_BYTES; index += 2)
    writer.byte((nibbleOf(digits.charCodeAt(index)) << 4) | nibbleOf(digits.charCodeAt(index + 1)));
};

const LETTER_A = 'a'.charCodeAt(0);
const DIGIT_0 = '0'.charCodeAt(0);
const nibbleOf = (digit: number): number => (digit >= LETTER_A ? digit - LETTER_A + 10 : digit - DIGIT_0);
