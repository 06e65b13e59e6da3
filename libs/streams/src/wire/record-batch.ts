import type { OutputRecord, RecordHeaders } from '../records.js';
import type { BufferWriter } from './buffer-writer.js';
import { crc32c } from './crc32c.js';
import { sizeOfVarint, writeVarint } from './varint.js';

/**
 * Record batches of format v2 (KIP-98; "Record Batch" in Kafka's protocol guide), written into one buffer without an
 * object per record:
 *
 *     base offset 8 │ length 4 │ leader epoch 4 │ magic 1 │ CRC-32C 4 │ attributes 2 │ last offset delta 4 │
 *     base time 8 │ max time 8 │ producer id 8 │ producer epoch 2 │ base sequence 4 │ count 4 │ records
 *
 * The sum covers everything behind it. The broker sets base offset and leader epoch, and the times where it must.
 */
export const BATCH_HEADER_BYTES = 61;
const CRC_AT = 17;
const SUMMED_FROM = 21;
const NO_LEADER_EPOCH = -1;
const MAGIC = 2;
const NO_ATTRIBUTES = 0;
const TRANSACTIONAL = 0x10;
const NULL_LENGTH = -1;
/** Attributes, and a time that is the batch's own. */
const FIXED_RECORD_BYTES = 2;

/** Who sends a batch, and which of its records come before. */
export interface BatchOrigin {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Records sent to the partition before, modulo 2^31. */
  readonly baseSequence: number;
  readonly timestampMs: number;
}

/** Records that go into one batch, and how large it is. */
export interface BatchPlan {
  readonly records: readonly OutputRecord[];
  /** Bytes of the whole batch. */
  readonly size: number;
}

/** Splits records, in order, into batches of at most so many bytes; a record that is larger on its own goes alone. */
export const planBatches = (records: readonly OutputRecord[], maxBytes: number): readonly BatchPlan[] => {
  const plans: BatchPlan[] = [];
  let start = 0;
  let size = BATCH_HEADER_BYTES;
  for (const [index, record] of records.entries()) {
    let bytes = sizeOfRecord(record, index - start);
    if (index > start && size + bytes > maxBytes) {
      plans.push({ records: records.slice(start, index), size });
      start = index;
      size = BATCH_HEADER_BYTES;
      bytes = sizeOfRecord(record, 0);
    }
    size += bytes;
  }
  if (records.length > start) plans.push({ records: start === 0 ? records : records.slice(start), size });
  return plans;
};

/** One batch of all of these. */
export const planBatch = (records: readonly OutputRecord[]): BatchPlan => ({
  records,
  size: records.reduce((size, record, index) => size + sizeOfRecord(record, index), BATCH_HEADER_BYTES),
});

/** Writes a batch of a transaction. */
export const writeTransactionalBatch = (writer: BufferWriter, plan: BatchPlan, origin: BatchOrigin): void => {
  writeBatch(writer, plan, origin, TRANSACTIONAL);
};

/** Writes a batch outside of transactions. */
export const writePlainBatch = (writer: BufferWriter, plan: BatchPlan, origin: BatchOrigin): void => {
  writeBatch(writer, plan, origin, NO_ATTRIBUTES);
};

const writeBatch = (
  writer: BufferWriter,
  { records, size }: BatchPlan,
  origin: BatchOrigin,
  attributes: number,
): void => {
  const lengthFrom = 12;
  const start = writer.length;
  writer
    .int64(0)
    .int32(size - lengthFrom)
    .int32(NO_LEADER_EPOCH)
    .int8(MAGIC)
    .uint32(0)
    .int16(attributes)
    .int32(records.length - 1)
    .int64(origin.timestampMs)
    .int64(origin.timestampMs)
    .int64(origin.producerId)
    .int16(origin.producerEpoch)
    .int32(origin.baseSequence)
    .int32(records.length);
  writer.raw(size - BATCH_HEADER_BYTES, (bytes, at) => {
    writeRecords(bytes, at, records);
    bytes.writeUInt32BE(crc32c(bytes, start + SUMMED_FROM, start + size), start + CRC_AT);
  });
};

const writeRecords = (bytes: Buffer, start: number, records: readonly OutputRecord[]): void => {
  let at = start;
  for (let delta = 0; delta < records.length; delta++) {
    const record = records[delta];
    if (record !== undefined) at = writeRecord(bytes, at, record, delta);
  }
};

const writeRecord = (bytes: Buffer, start: number, record: OutputRecord, offsetDelta: number): number => {
  let at = writeVarint(bytes, start, bodyBytes(record, offsetDelta));
  bytes[at++] = 0; // attributes: unused
  bytes[at++] = 0; // time after the batch's
  at = writeVarint(bytes, at, offsetDelta);
  at = writeSized(bytes, at, record.key);
  at = writeSized(bytes, at, record.value);
  return record.headers === undefined ? writeVarint(bytes, at, 0) : writeHeaders(bytes, at, record.headers);
};

const writeHeaders = (bytes: Buffer, start: number, headers: RecordHeaders): number => {
  const entries = Object.entries(headers);
  let at = writeVarint(bytes, start, entries.length);
  for (const [name, value] of entries) {
    at = writeVarint(bytes, at, Buffer.byteLength(name));
    at += bytes.write(name, at, 'utf8');
    at = writeSized(bytes, at, value);
  }
  return at;
};

/** Bytes preceded by their length. */
const writeSized = (bytes: Buffer, start: number, part: Buffer | null): number => {
  if (part === null) return writeVarint(bytes, start, NULL_LENGTH);
  const at = writeVarint(bytes, start, part.length);
  bytes.set(part, at);
  return at + part.length;
};

const sizeOfRecord = (record: OutputRecord, offsetDelta: number): number => {
  const body = bodyBytes(record, offsetDelta);
  return sizeOfVarint(body) + body;
};

/** Bytes of a record behind its own length. */
const bodyBytes = ({ key, value, headers }: OutputRecord, offsetDelta: number): number =>
  FIXED_RECORD_BYTES +
  sizeOfVarint(offsetDelta) +
  sizeOfPart(key) +
  sizeOfPart(value) +
  (headers === undefined ? 1 : sizeOfHeaders(headers));

const sizeOfHeaders = (headers: RecordHeaders): number => {
  const entries = Object.entries(headers);
  let size = sizeOfVarint(entries.length);
  for (const [name, value] of entries) {
    const length = Buffer.byteLength(name);
    size += sizeOfVarint(length) + length + sizeOfPart(value);
  }
  return size;
};

const sizeOfPart = (part: Buffer | null): number => {
  if (part === null) return 1;
  return sizeOfVarint(part.length) + part.length;
};
