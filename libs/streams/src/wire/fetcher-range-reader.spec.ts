import { beforeEach, describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import type { RecordBatch, TopicPartition } from '../records.js';
import { StreamsError } from '../streams-error.js';
import { RangeReader } from './fetcher-range-reader.js';

const SOURCE = { topic: 'letters', partition: 2 };

/** Offsets `from` to `next - 1`, of which `records` hold something. */
const batchOf = (
  from: number,
  records: readonly number[],
  next: number,
  value: Buffer | null = null,
): RecordBatch => ({
  ...SOURCE,
  fetchedOffset: offsetOf(from),
  nextOffset: offsetOf(next),
  highWatermark: offsetOf(100),
  records: records.map((offset) => ({
    offset: offsetOf(offset),
    key: null,
    value,
    appendTimeMs: 0,
    headers: {},
  })),
});

describe('reading a range of a partition', () => {
  let steering: string[];
  let reader: RangeReader;
  let handled: number[];

  beforeEach(() => {
    steering = [];
    handled = [];
    const name = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
    reader = new RangeReader({
      add: () => undefined,
      seekAndResume: (partition, offset) => steering.push(`${name(partition)} at ${offset}`),
      pause: (partition) => steering.push(`${name(partition)} paused`),
    });
  });

  const read = (from: number, end: number): Promise<void> =>
    reader.read(SOURCE, { from: offsetOf(from), end: offsetOf(end) }, (records) => {
      handled.push(...records.map(({ offset }) => offset));
    });

  it('begins at its start, ends at its end and leaves the partition paused', async () => {
    const done = read(3, 6);
    await reader.onBatch(batchOf(3, [3, 4], 5));
    await reader.onBatch(batchOf(5, [5, 6, 7], 8));
    await done;
    expect(handled).toEqual([3, 4, 5]);
    expect(steering).toEqual(['letters/2 at 3', 'letters/2 paused']);
  });

  it('is over at once when there is nothing in it', async () => {
    await read(4, 4);
    expect(steering).toEqual([]);
  });

  it('ends where control records end, whether they come with a batch or alone', async () => {
    const first = read(0, 3);
    await reader.onBatch(batchOf(0, [0], 3));
    await first;
    const second = read(3, 5);
    reader.onSkipped(SOURCE, offsetOf(5));
    await second;
    expect(handled).toEqual([0]);
  });

  it('asks again for what does not begin where the last batch ended', async () => {
    const done = read(0, 4);
    expect(await reader.onBatch(batchOf(2, [2, 3], 4))).toBe('dropped');
    await reader.onBatch(batchOf(0, [0, 1], 2));
    await reader.onBatch(batchOf(2, [2, 3], 4));
    await done;
    expect(handled).toEqual([0, 1, 2, 3]);
    expect(steering.slice(0, 2)).toEqual(['letters/2 at 0', 'letters/2 at 0']);
  });

  it('takes no batch of another partition, and none when nobody reads', async () => {
    expect(await reader.onBatch(batchOf(0, [0], 1))).toBe('dropped');
    const done = read(0, 1);
    expect(await reader.onBatch({ ...batchOf(0, [0], 1), partition: 1 })).toBe('dropped');
    await reader.onBatch(batchOf(0, [0], 1));
    await done;
    expect(handled).toEqual([0]);
  });

  it('fails with what its handler throws, and the next one works', async () => {
    const failing = reader.read(SOURCE, { from: offsetOf(0), end: offsetOf(2) }, () =>
      Promise.reject(new Error('fenced')),
    );
    const [batch] = await Promise.allSettled([failing, reader.onBatch(batchOf(0, [0, 1], 2))]);
    expect(batch).toMatchObject({ reason: new Error('fenced') });
    const done = read(0, 2);
    await reader.onBatch(batchOf(0, [0, 1], 2));
    await done;
    expect(handled).toEqual([0, 1]);
  });

  it('fails when the fetcher is dead, now and later', async () => {
    const reading = read(0, 2);
    reader.fail(new StreamsError('FATAL', 'dead'));
    await expect(reading).rejects.toThrow('dead');
    await expect(read(0, 2)).rejects.toThrow('dead');
  });

  it('reads several partitions at once, each on its own, and no partition twice', async () => {
    const other = { topic: 'letters', partition: 3 };
    const one = reader.records(SOURCE, { from: offsetOf(0), end: offsetOf(2) });
    const two = reader.records(other, { from: offsetOf(0), end: offsetOf(1) });
    const first = [one.next(), two.next()];
    await reader.onBatch({ ...batchOf(0, [0], 1), ...other });
    await reader.onBatch(batchOf(0, [0, 1], 2));
    expect((await Promise.all(first)).map(({ value }) => (value as readonly unknown[]).length)).toEqual([
      2, 1,
    ]);
    await expect(reader.records(SOURCE, { from: offsetOf(0), end: offsetOf(2) }).next()).rejects.toThrow(
      'letters/2 is being read already',
    );
    expect(await Promise.all([one.next(), two.next()])).toMatchObject([{ done: true }, { done: true }]);
  });

  it('fetches ahead until much waits, and goes on when little does', async () => {
    const megabytes3 = Buffer.alloc(3 * 1024 * 1024);
    const records = reader.records(SOURCE, { from: offsetOf(0), end: offsetOf(9) });
    const first = records.next();
    await reader.onBatch(batchOf(0, [0], 1, megabytes3));
    await first;
    for (const offset of [1, 2, 3]) await reader.onBatch(batchOf(offset, [offset], offset + 1, megabytes3));
    expect(steering).toEqual(['letters/2 at 0', 'letters/2 paused']);
    await records.next();
    expect(steering).toHaveLength(2);
    await records.next();
    expect(steering.slice(2)).toEqual(['letters/2 at 4']);
  });

  it('asks for nothing more once its reader has seen enough', async () => {
    const done = (async () => {
      for await (const records of reader.records(SOURCE, { from: offsetOf(0), end: offsetOf(9) }))
        return records.length;
      return 0;
    })();
    await reader.onBatch(batchOf(0, [0, 1], 2));
    expect(await done).toBe(2);
    expect(steering.at(-1)).toBe('letters/2 paused');
    expect(await reader.onBatch(batchOf(2, [2], 3))).toBe('dropped');
  });
});
