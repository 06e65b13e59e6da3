import { offsetOf, type Offset } from '../offset.js';
import type { OutputRecord, RecordHeaders, StreamRecord, TopicPartition } from '../records.js';
import type { RecordPosition } from './dead-letter.js';

const LETTER = 'redriven-from';
const ORIGIN = 'redrive-origin';

/**
 * A record sent again says which letter it was, and where it stood at first: it keeps that place however often it is
 * set aside and sent again. Both are `<topic>/<partition>/<offset>`.
 */
export const redriveHeaders = (
  letter: RecordPosition,
  origin: RecordPosition,
  original: RecordHeaders,
): RecordHeaders => ({
  ...original,
  [LETTER]: toText(letter),
  [ORIGIN]: original[ORIGIN] ?? toText(origin),
});

/** The letter of this partition that a record was before it was sent again; undefined when it was none. */
export const redrivenFrom = (
  record: Pick<Required<OutputRecord>, 'headers'>,
  letters: TopicPartition,
): Offset | undefined => offsetIn(record, LETTER, letters);

/**
 * Where a record stood in its partition before it became a dead letter for the first time; undefined when it never was
 * one, or when it names a place that does not lie before its own, as no redrive does.
 */
export const redriveOrigin = (
  record: Pick<StreamRecord, 'headers' | 'offset'>,
  source: TopicPartition,
): Offset | undefined => {
  const origin = offsetIn(record, ORIGIN, source);
  return origin !== undefined && origin < record.offset ? origin : undefined;
};

const toText = ({ topic, partition, offset }: RecordPosition): Buffer =>
  Buffer.from(`${topic}/${partition}/${offset}`);

const offsetIn = (
  { headers }: Pick<Required<OutputRecord>, 'headers'>,
  name: string,
  { topic, partition }: TopicPartition,
): Offset | undefined => {
  const text = headers[name]?.toString();
  if (text === undefined) return undefined;
  const start = `${topic}/${partition}/`;
  const offset = text.slice(start.length);
  return text.startsWith(start) && /^\d{1,15}$/.test(offset) ? offsetOf(Number(offset)) : undefined;
};
