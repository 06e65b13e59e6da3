import type { Verdict } from '@reviews/domain';
import { MAX_LONG_BYTES, maxTextBytes, type AvroWriter } from './avro-writer.js';

const END_OF_ARRAY = 0;

/** The most bytes a verdict takes, with the branch of its union. */
export const maxVerdictBytes = (verdict: Verdict): number => {
  let bytes = 4 * MAX_LONG_BYTES + maxTextBytes(verdict.detectorName) + maxTextBytes(verdict.detectorVersion);
  for (const reason of reasonsOf(verdict)) bytes += maxTextBytes(reason);
  return bytes;
};

/** @param kinds how the schema numbers them */
export const writeVerdict = (
  writer: AvroWriter,
  verdict: Verdict,
  kinds: Readonly<Record<Verdict['kind'], number>>,
): void => {
  writer.long(kinds[verdict.kind]);
  writer.long(verdict.score);
  const reasons = reasonsOf(verdict);
  if (reasons.length > 0) writer.long(reasons.length);
  for (const reason of reasons) writer.text(reason);
  writer.byte(END_OF_ARRAY);
  writer.text(verdict.detectorName);
  writer.text(verdict.detectorVersion);
};

const reasonsOf = (verdict: Verdict): readonly string[] => (verdict.kind === 'held' ? verdict.reasons : []);
