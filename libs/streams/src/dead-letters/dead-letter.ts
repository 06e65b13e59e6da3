import { parseOffset, type Offset } from '../offset.js';
import type { OutputRecord, RecordHeaders, StreamRecord, TopicPartition } from '../records.js';
import { StreamsError } from '../streams-error.js';

const PREFIX = 'dead-letter-';
const TOPIC = `${PREFIX}topic`;
const PARTITION = `${PREFIX}partition`;
const OFFSET = `${PREFIX}offset`;
const APPEND_TIME = `${PREFIX}append-time`;
const REASON = `${PREFIX}reason`;
const ERROR = `${PREFIX}error`;
const KEY = `${PREFIX}key`;
const OMITTED_BYTES = `${PREFIX}omitted-bytes`;

/** An error is for people: what does not fit on a page helps nobody. */
const MAX_ERROR_CHARACTERS = 1_000;
/** With its own headers a letter must stay below the broker's default limit of 1 MB, or it would stop its task for good. */
const MAX_COPIED_BYTES = 1_000_000;
/** The client takes a data key of four zero bytes for an abort marker and shows what follows it, aborted or not. */
const MARKER_KEY = Buffer.alloc(4);

/** Where a record stands, or stood. */
export interface RecordPosition extends TopicPartition {
  readonly offset: Offset;
}

/** A record that was set aside, with why. */
export interface DeadLetter {
  /** The letter's own offset, in its dead-letter topic. */
  readonly offset: Offset;
  /** When it was set aside. */
  readonly letterTimeMs: number;
  /** The record it was. */
  readonly origin: RecordPosition & { readonly appendTimeMs: number };
  /** For machines. */
  readonly reason: string;
  /** For people. */
  readonly error: string;
  /** Its bytes; all null when `omittedBytes` says so. */
  readonly original: Required<OutputRecord>;
  /** The size of an original too large to be copied: it is to be found at its origin only. */
  readonly omittedBytes: number | undefined;
}

/**
 * The letter for a record that is set aside: original key, value and headers, and headers `dead-letter-…` that say
 * where it stood and why it was set aside. Names that begin so are ours: an original that has them loses them.
 */
export const toDeadLetterRecord = (
  source: TopicPartition,
  record: StreamRecord,
  reason: string,
  error: unknown,
): OutputRecord => {
  const size = bytesOf(record);
  const isCopied = size <= MAX_COPIED_BYTES;
  const isMarkerKey = isCopied && isTakenForMarker(record.key);
  const about: Readonly<Record<string, string | Buffer | null>> = {
    [TOPIC]: source.topic,
    [PARTITION]: String(source.partition),
    [OFFSET]: String(record.offset),
    [APPEND_TIME]: String(record.appendTimeMs),
    [REASON]: reason,
    [ERROR]: messageOf(error).slice(0, MAX_ERROR_CHARACTERS),
    [KEY]: isMarkerKey ? record.key : null,
    [OMITTED_BYTES]: isCopied ? null : String(size),
  };
  return {
    key: isCopied && !isMarkerKey ? record.key : null,
    value: isCopied ? record.value : null,
    headers: { ...(isCopied ? originalHeaders(record) : {}), ...toHeaders(about) },
  };
};

/** @throws StreamsError POISON_RECORD when the record is no dead letter */
export const parseDeadLetter = (record: StreamRecord): DeadLetter => {
  const { headers } = record;
  const textOf = (name: string): string => {
    const value = headers[name];
    if (value === undefined)
      throw new StreamsError(
        'POISON_RECORD',
        `The record at offset ${record.offset} is no dead letter: no ${name}`,
      );
    return String(value);
  };
  const integerOf = (name: string): Offset => {
    try {
      return parseOffset(textOf(name));
    } catch (cause) {
      if (cause instanceof StreamsError) throw cause;
      throw new StreamsError(
        'POISON_RECORD',
        `The record at offset ${record.offset} is no dead letter: ${name} is no integer`,
        { cause },
      );
    }
  };
  return {
    offset: record.offset,
    letterTimeMs: record.appendTimeMs,
    origin: {
      topic: textOf(TOPIC),
      partition: integerOf(PARTITION),
      offset: integerOf(OFFSET),
      appendTimeMs: integerOf(APPEND_TIME),
    },
    reason: textOf(REASON),
    error: textOf(ERROR),
    original: { key: headers[KEY] ?? record.key, value: record.value, headers: originalHeaders(record) },
    omittedBytes: headers[OMITTED_BYTES] === undefined ? undefined : integerOf(OMITTED_BYTES),
  };
};

/** The headers a record had before it became a letter. */
export const originalHeaders = ({ headers }: Pick<StreamRecord, 'headers'>): RecordHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(PREFIX)));

/** Whether the client would take a record with this key for the end of a transaction. */
export const isTakenForMarker = (key: Buffer | null): boolean => key?.equals(MARKER_KEY) === true;

const toHeaders = (values: Readonly<Record<string, string | Buffer | null>>): RecordHeaders =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, Buffer][] =>
      value === null ? [] : [[name, typeof value === 'string' ? Buffer.from(value) : value]],
    ),
  );

const bytesOf = ({ key, value, headers }: StreamRecord): number =>
  Object.entries(headers).reduce(
    (sum, [name, { length }]) => sum + Buffer.byteLength(name) + length,
    (key?.length ?? 0) + (value?.length ?? 0),
  );

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
