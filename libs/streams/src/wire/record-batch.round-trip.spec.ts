import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { offsetOf } from '../offset.js';
import { BufferWriter } from './buffer-writer.js';
import { planBatches, writeTransactionalBatch } from './record-batch.js';
import { readRecordSet } from './record-set.js';

const TIME_MS = Date.UTC(2026, 0, 1);

const part = fc.option(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)));
const header = fc.tuple(
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
);
const records = fc.array(
  fc.record({ key: part, value: part, headers: fc.array(header).map(Object.fromEntries) }),
  { minLength: 1, maxLength: 200 },
);

describe('what is written to a partition', () => {
  it('is read back, whatever it is and however it was split into batches', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 20_000 }), (written, maxBytes) => {
        let next = 0;
        const batches = planBatches(written, maxBytes).map((plan) => {
          const writer = new BufferWriter();
          writeTransactionalBatch(writer, plan, {
            producerId: 1,
            producerEpoch: 0,
            baseSequence: next,
            timestampMs: TIME_MS,
          });
          const batch = writer.written;
          // The broker sets where a batch begins.
          batch.writeBigInt64BE(BigInt(next), 0);
          next += plan.records.length;
          return batch;
        });
        const read = readRecordSet(Buffer.concat(batches), offsetOf(0), []);
        expect(read.nextOffset).toBe(written.length);
        expect(read.records).toEqual(
          written.map((record, index) => ({ ...record, offset: index, appendTimeMs: TIME_MS })),
        );
      }),
    );
  });
});
