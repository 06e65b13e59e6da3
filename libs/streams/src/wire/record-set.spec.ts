import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { offsetOf } from '../offset.js';
import { recordSetBytes, type WrittenBatch, type WrittenRecord } from '../testing/wire/record-set-bytes.js';
import type { AbortedTransaction } from './record-set-aborted.js';
import { readRecordSet } from './record-set.js';

const text = (offset: number): WrittenRecord => ({ offset, value: Buffer.from(String(offset)) });
const plain = (first: number, last: number): WrittenBatch => ({
  baseOffset: first,
  records: Array.from({ length: last - first + 1 }, (_, index) => text(first + index)),
});
const of = (producerId: number, first: number, last: number): WrittenBatch => ({
  ...plain(first, last),
  producerId,
});
const marker = (producerId: number, baseOffset: number, kind: 'commit' | 'abort'): WrittenBatch => ({
  baseOffset,
  records: [],
  producerId,
  marker: kind,
});

const read = (bytes: Buffer, from = 0, aborted: readonly AbortedTransaction[] = []) =>
  readRecordSet(bytes, offsetOf(from), aborted);
const offsetsIn = (...args: Parameters<typeof read>): readonly number[] =>
  read(...args).records.map(({ offset }) => offset);

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const written = fc.record({
  baseOffset: fc.nat(2 ** 45),
  baseTimestampMs: fc.nat(2 ** 42),
  gaps: fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2 ** 28 })), {
    minLength: 1,
    maxLength: 6,
  }),
  records: fc.array(
    fc.record({
      key: fc.option(bytes(300)),
      value: fc.option(bytes(20_000)),
      // Imports are dated years back, and a batch begins with any of them.
      timestampMs: fc.nat(2 ** 42),
      headers: fc.uniqueArray(fc.tuple(fc.string(), bytes(200)), {
        maxLength: 3,
        selector: ([name]) => name,
      }),
    }),
    { minLength: 6, maxLength: 6 },
  ),
  compression: fc.constantFrom('gzip' as const, 'zstd' as const, undefined),
});

describe('a record set', () => {
  it('gives back every record as it was written', () => {
    fc.assert(
      fc.property(written, ({ baseOffset, baseTimestampMs, gaps, records, compression }) => {
        let offset = baseOffset - 1;
        const batch = gaps.map((gap, index) => {
          offset += gap;
          return { offset, key: null, value: null, timestampMs: 0, headers: [], ...records[index] };
        });
        const set = recordSetBytes({
          baseOffset,
          baseTimestampMs,
          records: batch,
          ...(compression === undefined ? {} : { compression }),
        });
        expect(read(set)).toEqual({
          records: batch.map(({ timestampMs, headers, ...rest }) => ({
            ...rest,
            appendTimeMs: timestampMs,
            headers: Object.fromEntries(headers),
          })),
          nextOffset: offset + 1,
        });
      }),
      { numRuns: 200 },
    );
  });

  it('is dated by the broker where the topic says so', () => {
    const records = [
      { offset: 0, timestampMs: 5 },
      { offset: 1, timestampMs: 2 ** 40 },
    ];
    const set = recordSetBytes({
      baseOffset: 0,
      baseTimestampMs: 7,
      logAppendTimeMs: 1_700_000_000_123,
      records,
    });
    expect(read(set).records.map(({ appendTimeMs }) => appendTimeMs)).toEqual([
      1_700_000_000_123, 1_700_000_000_123,
    ]);
  });

  it('begins within its first batch where that was asked for', () => {
    expect(offsetsIn(recordSetBytes(plain(0, 3), plain(4, 5)), 2)).toEqual([2, 3, 4, 5]);
  });

  it('ends with its last whole batch, wherever the broker cut it', () => {
    const whole = recordSetBytes(plain(0, 1));
    const set = Buffer.concat([whole, recordSetBytes(plain(2, 3))]);
    for (let end = whole.length; end < set.length; end++)
      expect(read(set.subarray(0, end))).toMatchObject({
        records: [{ offset: 0 }, { offset: 1 }],
        nextOffset: 2,
      });
    for (let end = 0; end < whole.length; end++)
      expect(read(set.subarray(0, end), 1)).toEqual({ records: [], nextOffset: 1 });
  });

  it('goes on behind what compaction took away, at the end of a batch or all of it', () => {
    const thinned = { ...plain(10, 11), baseOffset: 8, lastOffset: 15 };
    const emptied = { baseOffset: 16, lastOffset: 19, records: [] };
    expect(read(recordSetBytes(thinned), 9)).toMatchObject({ nextOffset: 16 });
    expect(offsetsIn(recordSetBytes(thinned), 9)).toEqual([10, 11]);
    expect(read(recordSetBytes(emptied), 16)).toEqual({ records: [], nextOffset: 20 });
  });

  it('leaves out headers without a value', () => {
    const headers: WrittenRecord['headers'] = [
      ['a', null],
      ['b', Buffer.from('1')],
    ];
    const [record] = read(recordSetBytes({ baseOffset: 0, records: [{ offset: 0, headers }] })).records;
    expect(record?.headers).toEqual({ b: Buffer.from('1') });
  });

  it.each(['snappy', 'lz4'] as const)('compressed with %s is refused by that name', (compression) => {
    const set = recordSetBytes({ ...plain(0, 1), compression });
    expect(() => read(set)).toThrow(`Records are compressed with ${compression}`);
  });

  it('of another format is refused', () => {
    expect(() => read(recordSetBytes({ ...plain(7, 8), format: 1 }))).toThrow(
      'Batch at offset 7 has format 1, not 2',
    );
  });

  it('with any byte of its records changed is refused or read, and never read for ever', () => {
    const set = recordSetBytes(plain(0, 3));
    for (let at = 57; at < set.length; at++)
      for (const byte of [0, 0x7f, 0x80, 0xff]) {
        const damaged = Buffer.from(set);
        damaged[at] = byte;
        try {
          read(damaged);
        } catch (error) {
          expect(error).toMatchObject({ name: 'MalformedAnswerError' });
        }
      }
  });
});

describe('a reader of committed records', () => {
  it('sees no markers', () => {
    expect(read(recordSetBytes(of(1, 0, 1), marker(1, 2, 'commit')))).toMatchObject({
      records: [{ offset: 0 }, { offset: 1 }],
      nextOffset: 3,
    });
  });

  it('sees nothing of an aborted transaction, and what its producer commits after it', () => {
    const set = recordSetBytes(of(1, 0, 1), marker(1, 2, 'abort'), of(1, 3, 4), marker(1, 5, 'commit'));
    expect(offsetsIn(set, 0, [{ producerId: 1, firstOffset: 0 }])).toEqual([3, 4]);
  });

  it('sees what others commit while a transaction is open that is aborted', () => {
    //  producer 1 │ 0 ─────── 2 ── aborted
    //  producer 2 │    1 ─ committed
    //  nobody     │                     5
    const set = recordSetBytes(
      of(1, 0, 0),
      of(2, 1, 1),
      of(1, 2, 2),
      marker(2, 3, 'commit'),
      marker(1, 4, 'abort'),
      plain(5, 5),
    );
    expect(offsetsIn(set, 0, [{ producerId: 1, firstOffset: 0 }])).toEqual([1, 5]);
  });

  it('sees nothing of aborted transactions, in whichever order they are listed', () => {
    //  producer 1 │ 0 ─────────── 3 ── aborted
    //  producer 2 │    1 ─ aborted
    const set = recordSetBytes(
      of(1, 0, 0),
      of(2, 1, 1),
      marker(2, 2, 'abort'),
      of(1, 3, 3),
      marker(1, 4, 'abort'),
    );
    const listed = [
      { producerId: 2, firstOffset: 1 },
      { producerId: 1, firstOffset: 0 },
    ];
    for (const aborted of [listed, listed.toReversed()])
      expect(read(set, 0, aborted)).toEqual({ records: [], nextOffset: 5 });
  });

  it('sees nothing of a transaction that was aborted when only its end was asked for', () => {
    const set = recordSetBytes(of(1, 10, 11), marker(1, 12, 'abort'), of(1, 13, 13));
    expect(offsetsIn(set, 11, [{ producerId: 1, firstOffset: 3 }])).toEqual([13]);
  });

  it('knows an abort by its marker alone: a key of four zero bytes is a key', () => {
    const zeros = { ...text(1), key: Buffer.alloc(4) };
    const set = recordSetBytes(
      of(1, 0, 0),
      { baseOffset: 1, records: [zeros], producerId: 1 },
      of(1, 2, 2),
      marker(1, 3, 'abort'),
    );
    expect(offsetsIn(set, 0, [{ producerId: 1, firstOffset: 0 }])).toEqual([]);
  });

  it('knows the end of a transaction by its marker, also where compaction left nothing of it', () => {
    const emptied = { baseOffset: 1, lastOffset: 1, records: [], producerId: 1, isControl: true };
    const set = recordSetBytes(of(1, 0, 0), emptied, of(1, 2, 2));
    expect(offsetsIn(set, 0, [{ producerId: 1, firstOffset: 0 }])).toEqual([2]);
  });
});
