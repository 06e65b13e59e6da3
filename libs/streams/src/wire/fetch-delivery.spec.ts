import { describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import type { RecordBatch } from '../records.js';
import { recordSetBytes } from '../testing/wire/record-set-bytes.js';
import { FetchDelivery } from './fetch-delivery.js';
import { FetchPositions } from './fetch-positions.js';

const target = { topic: 'facts', partition: 0 };
const MANY_BYTES = 1_000_000;

/** What is handed over of a partition whose record set lies somewhere in an answer of that size. */
const delivered = async (valueBytes: number, answerBytes: number): Promise<RecordBatch> => {
  const set = recordSetBytes({ baseOffset: 0, records: [{ offset: 0, value: Buffer.alloc(valueBytes, 7) }] });
  const answer = Buffer.alloc(answerBytes + set.length);
  set.copy(answer, 50);
  const positions = new FetchPositions();
  positions.assign([target]);
  positions.seekAndResume(target, offsetOf(0));
  const batches: RecordBatch[] = [];
  const handlers = {
    onBatch(batch: RecordBatch) {
      batches.push(batch);
      return Promise.resolve('applied' as const);
    },
    onSkipped: () => undefined,
    onFatal: () => undefined,
  };
  const delivery = new FetchDelivery(positions, handlers, () => undefined);
  for (const ask of positions.wanted()) {
    positions.ask(ask);
    const recordSet = answer.subarray(50, 50 + set.length);
    delivery.take(ask, { target, error: 0, lastStableOffset: offsetOf(1), aborted: [], recordSet });
  }
  await delivery.settled();
  const [batch] = batches;
  if (batch === undefined) throw new Error('Nothing was handed over');
  return batch;
};

describe('what is handed over', () => {
  it('does not keep a large answer of which it is a small part', async () => {
    const value = (await delivered(10, MANY_BYTES)).records[0]?.value;
    expect(value).toEqual(Buffer.alloc(10, 7));
    expect(value?.buffer.byteLength).toBeLessThan(MANY_BYTES / 10);
  });

  it('is not copied when it is most of the answer', async () => {
    const value = (await delivered(MANY_BYTES, 100)).records[0]?.value;
    expect(value?.buffer.byteLength).toBeGreaterThan(MANY_BYTES);
    expect(value?.byteOffset).toBeGreaterThan(50);
  });
});
