import { MalformedAnswerError } from './wire-error.js';

// Where what stands (https://kafka.apache.org/documentation/#recordbatch, KIP-98), big-endian.
const BATCH_LENGTH = 8;
/** Base offset and batch length, which the length does not count. */
const PREFIX_BYTES = 12;
const MAGIC = 16;
const ATTRIBUTES = 21;
const LAST_OFFSET_DELTA = 23;
const BASE_TIMESTAMP = 27;
const MAX_TIMESTAMP = 35;
const PRODUCER_ID = 43;
const RECORD_COUNT = 57;
const HEADER_BYTES = 61;

const FORMAT = 2;
const COMPRESSION = 0b111;
const IS_LOG_APPEND_TIME = 1 << 3;
const IS_TRANSACTIONAL = 1 << 4;
const IS_CONTROL = 1 << 5;
const TWO_TO_32 = 2 ** 32;

/** What the header of a record batch says. */
export interface BatchHeader {
  /** Where its records begin, and where the next batch does. */
  readonly start: number;
  readonly end: number;
  readonly baseOffset: number;
  /** Stays what it was when compaction takes records away. */
  readonly lastOffset: number;
  readonly compression: number;
  readonly isTransactional: boolean;
  /** Holds a transaction's marker, no record of a client. */
  readonly isControl: boolean;
  readonly producerId: number;
  readonly baseTimestampMs: number;
  /** The broker's timestamp of all records, on a LogAppendTime topic. */
  readonly logAppendTimeMs: number | undefined;
  readonly recordCount: number;
}

/**
 * The batch that begins at a byte; undefined when it does not end within the bytes.
 *
 * @throws MalformedAnswerError when it is no batch of format 2, the only one brokers keep
 */
export const batchAt = (bytes: Buffer, at: number): BatchHeader | undefined => {
  if (at + PREFIX_BYTES > bytes.length) return undefined;
  const end = at + PREFIX_BYTES + bytes.readInt32BE(at + BATCH_LENGTH);
  if (end > bytes.length) return undefined;
  const baseOffset = int64At(bytes, at);
  if (end < at + HEADER_BYTES) throw new MalformedAnswerError(`Batch at offset ${baseOffset} is too short`);
  const format = bytes.readInt8(at + MAGIC);
  if (format !== FORMAT)
    throw new MalformedAnswerError(`Batch at offset ${baseOffset} has format ${format}, not ${FORMAT}`);
  const attributes = bytes.readInt16BE(at + ATTRIBUTES);
  return {
    start: at + HEADER_BYTES,
    end,
    baseOffset,
    lastOffset: baseOffset + bytes.readInt32BE(at + LAST_OFFSET_DELTA),
    compression: attributes & COMPRESSION,
    isTransactional: (attributes & IS_TRANSACTIONAL) !== 0,
    isControl: (attributes & IS_CONTROL) !== 0,
    producerId: int64At(bytes, at + PRODUCER_ID),
    baseTimestampMs: int64At(bytes, at + BASE_TIMESTAMP),
    logAppendTimeMs: (attributes & IS_LOG_APPEND_TIME) === 0 ? undefined : int64At(bytes, at + MAX_TIMESTAMP),
    recordCount: bytes.readInt32BE(at + RECORD_COUNT),
  };
};

const int64At = (bytes: Buffer, at: number): number =>
  bytes.readInt32BE(at) * TWO_TO_32 + bytes.readUInt32BE(at + 4);
