import { offsetOf, type Offset } from '../offset.js';
import type { OutputRecord, RecordHeaders, TopicPartition } from '../records.js';

const HEADER = 'redriven-from';

/** A record sent again says which letter it was: `<dead-letter topic>/<partition>/<offset>`. */
export const redrivenFromHeader = (letters: TopicPartition, offset: Offset): RecordHeaders => ({
  [HEADER]: Buffer.from(`${letters.topic}/${letters.partition}/${offset}`),
});

/** The letter of this partition that a record was before it was sent again; undefined when it was none. */
export const redrivenFrom = (
  { headers }: Pick<Required<OutputRecord>, 'headers'>,
  letters: TopicPartition,
): Offset | undefined => {
  const text = headers[HEADER]?.toString() ?? '';
  const start = `${letters.topic}/${letters.partition}/`;
  const offset = text.slice(start.length);
  return text.startsWith(start) && /^\d{1,15}$/.test(offset) ? offsetOf(Number(offset)) : undefined;
};
