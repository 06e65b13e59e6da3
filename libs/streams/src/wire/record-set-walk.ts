import { offsetOf, type Offset } from '../offset.js';
import type { RecordHeaders, StreamRecord } from '../records.js';
import type { BatchHeader } from './record-set-batch.js';
import { MalformedAnswerError } from './wire-error.js';

const NO_HEADERS: RecordHeaders = Object.freeze({});

/** A stretch of bytes and how far it was read. Varints are read by moving it: none is an object. */
class Walk {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, start: number) {
    this.bytes = bytes;
    this.at = start;
  }

  /** A zigzag varint of up to 32 bits. Behind the end of the bytes there are zeros. */
  varint(): number {
    const first = this.#byte();
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let value = first & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.#byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw new MalformedAnswerError('A number of more than 32 bits in a record');
  }

  /** A zigzag varint of up to 64 bits, exact within safe integers. */
  varlong(): number {
    const first = this.#byte();
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let value = first & 0x7f;
    for (let weight = 2 ** 7; weight <= 2 ** 63; weight *= 2 ** 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new MalformedAnswerError('A number of more than 64 bits in a record');
  }

  /** A view of so many bytes; null when the length is negative. */
  view(length: number): Buffer | null {
    if (length < 0) return null;
    const start = this.at;
    this.at = start + length;
    return this.bytes.subarray(start, this.at);
  }

  #byte(): number {
    return this.bytes[this.at++] ?? 0;
  }
}

/**
 * Adds the records of a batch to those read before, except those before an offset.
 *
 * @param bytes hold the records alone, from `start` on
 * @throws MalformedAnswerError when they are not as many records as the batch says, one behind the other
 */
export const addRecords = (
  batch: BatchHeader,
  bytes: Buffer,
  start: number,
  from: Offset,
  records: StreamRecord[],
): void => {
  const walk = new Walk(bytes, start);
  for (let count = batch.recordCount; count > 0; count -= 1) {
    const length = walk.varint();
    const end = walk.at + length;
    if (length < 0 || end > bytes.length) throw malformed(batch);
    const record = readRecord(walk, batch);
    if (walk.at !== end) throw malformed(batch);
    if (record.offset >= from) records.push(record);
  }
};

const readRecord = (walk: Walk, batch: BatchHeader): StreamRecord => {
  // Attributes: none is in use.
  walk.at += 1;
  const timestampDelta = walk.varlong();
  const offset = offsetOf(batch.baseOffset + walk.varint());
  const key = walk.view(walk.varint());
  const value = walk.view(walk.varint());
  const headerCount = walk.varint();
  return {
    offset,
    key,
    value,
    appendTimeMs: batch.logAppendTimeMs ?? batch.baseTimestampMs + timestampDelta,
    headers: headerCount <= 0 ? NO_HEADERS : readHeaders(walk, headerCount),
  };
};

// A header may have no value, and is left out then.
const readHeaders = (walk: Walk, count: number): RecordHeaders => {
  const headers: [string, Buffer][] = [];
  for (let left = count; left > 0 && walk.at < walk.bytes.length; left -= 1) {
    const name = walk.view(walk.varint());
    const value = walk.view(walk.varint());
    if (name !== null && value !== null) headers.push([name.toString(), value]);
  }
  return headers.length === 0 ? NO_HEADERS : Object.fromEntries(headers);
};

const malformed = ({ baseOffset }: BatchHeader): MalformedAnswerError =>
  new MalformedAnswerError(`Batch at offset ${baseOffset} does not hold the records it says`);
