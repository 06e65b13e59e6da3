import { describe, expect, it } from '@jest/globals';
import type { OutputRecord } from '../records.js';
import { BufferReader } from './buffer-reader.js';
import { BufferWriter } from './buffer-writer.js';
import { crc32c } from './crc32c.js';
import {
  BATCH_HEADER_BYTES,
  planBatch,
  planBatches,
  writePlainBatch,
  writeTransactionalBatch,
  type BatchOrigin,
} from './record-batch.js';

const ORIGIN: BatchOrigin = {
  producerId: 2 ** 33 + 1,
  producerEpoch: 7,
  baseSequence: 100,
  timestampMs: Date.UTC(2026, 0, 1),
};

const record = (key: string | null, value: string | null): OutputRecord => ({
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
});
const recordOf = (bytes: number): OutputRecord => ({ key: null, value: Buffer.alloc(bytes) });

/** A batch behind something else, as in a request. */
const written = (records: readonly OutputRecord[]): Buffer => {
  const writer = new BufferWriter(8).int32(0);
  const [plan, ...others] = planBatches(records, 1_000_000);
  if (plan === undefined || others.length > 0) throw new Error('one batch was expected');
  writeTransactionalBatch(writer, plan, ORIGIN);
  return writer.written.subarray(4);
};

const sizes = (records: readonly OutputRecord[], maxBytes: number): readonly number[] =>
  planBatches(records, maxBytes).map((plan) => plan.records.length);

describe('a record batch', () => {
  it('has the header of format 2, with its own length, sum, producer and sequence', () => {
    const bytes = written([record('a', '1'), record('b', '2'), record('c', '3')]);
    const reader = new BufferReader(bytes);
    expect(reader.int64()).toBe(0);
    expect(reader.int32()).toBe(bytes.length - 12);
    expect(reader.int32()).toBe(-1);
    expect(reader.int8()).toBe(2);
    expect(reader.int32() >>> 0).toBe(crc32c(bytes, 21));
    const transactional = 0x10;
    expect(reader.int16()).toBe(transactional);
    const lastOffsetDelta = 2;
    expect(reader.int32()).toBe(lastOffsetDelta);
    expect([reader.int64(), reader.int64()]).toEqual([ORIGIN.timestampMs, ORIGIN.timestampMs]);
    expect([reader.int64(), reader.int16(), reader.int32()]).toEqual([2 ** 33 + 1, 7, 100]);
    expect(reader.int32()).toBe(3);
  });

  it('differs outside of transactions in its attributes only, and thereby in its sum', () => {
    const records = [record('a', '1'), record(null, '2')];
    const writer = new BufferWriter();
    writePlainBatch(writer, planBatch(records), ORIGIN);
    const expected = Buffer.from(written(records));
    const attributesAt = 21;
    expected.writeInt16BE(0, attributesAt);
    expected.writeUInt32BE(crc32c(expected, attributesAt), 17);
    expect(writer.written).toEqual(expected);
  });

  it('has records of lengths, deltas, key, value and headers', () => {
    const withHeader: OutputRecord = { ...record('key', 'v'), headers: { ü: Buffer.from('h') } };
    const records = written([withHeader, record(null, null)]).subarray(BATCH_HEADER_BYTES);
    // Lengths are zigzag: 2 is 1, 1 is -1.
    const first = '1e 00 00 00 06 6b6579 02 76 02 04 c3bc 02 68';
    const second = '0c 00 00 02 01 01 00';
    expect(records.toString('hex')).toBe(`${first}${second}`.replaceAll(' ', ''));
  });

  it.each([0, 1, 47, 48, 63, 64, 8_191, 8_192, 1_048_575, 1_048_576])(
    'holds a value of %i bytes whole',
    (length) => {
      const value = Buffer.alloc(length, 0xab);
      const bytes = planBatches([{ key: null, value }], 10).map((plan) => {
        const writer = new BufferWriter();
        writeTransactionalBatch(writer, plan, ORIGIN);
        expect(writer.length).toBe(plan.size);
        return writer.written;
      })[0];
      const noHeaders = 1;
      expect(bytes?.subarray(bytes.length - length - noHeaders, -noHeaders).equals(value)).toBe(true);
    },
  );
});

describe('records are split into batches', () => {
  it('that are as large as they may be, and not a byte larger', () => {
    const five = Array.from({ length: 5 }, () => recordOf(100));
    const [all] = planBatches(five, 1_000_000);
    const size = all?.size ?? 0;
    expect(sizes(five, size)).toEqual([5]);
    expect(sizes(five, size - 1)).toEqual([4, 1]);
  });

  it('of which each counts its offsets from its own first record', () => {
    const records = Array.from({ length: 400 }, () => recordOf(10));
    const [first, second] = planBatches(records, BATCH_HEADER_BYTES + 100 * 18);
    expect(first?.records.length).toBeGreaterThan(64);
    // Deltas from 64 on take a byte more.
    expect(second?.records).toHaveLength(first?.records.length ?? 0);
    expect(second?.size).toBe(first?.size);
  });

  it('in their order, leaving none out', () => {
    const records = Array.from({ length: 50 }, (_, index) => recordOf(index * 7));
    expect(planBatches(records, 900).flatMap((plan) => plan.records)).toEqual(records);
  });

  it('and a record that is too large for company goes alone', () => {
    expect(sizes([recordOf(10), recordOf(5_000), recordOf(10)], 1_000)).toEqual([1, 1, 1]);
  });

  it('counting the headers, too: a dead letter has many', () => {
    const letter = { ...recordOf(100), headers: { reason: Buffer.alloc(500) } };
    expect(sizes([letter, letter, letter], 1_300)).toEqual([2, 1]);
  });

  it('none when there are none', () => {
    expect(planBatches([], 1_000)).toEqual([]);
  });
});
