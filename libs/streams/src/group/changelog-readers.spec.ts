import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../clock.js';
import { offsetOf } from '../offset.js';
import type { RecordBatch } from '../records.js';
import { ChangelogReaders } from './changelog-readers.js';

const FIRST_FIVE = { from: offsetOf(0), until: offsetOf(5) };

const readersFedBy = () => {
  const reading = new Set<number>();
  const readers = new ChangelogReaders(
    'changelog',
    {
      seekAndResume: (partition) => reading.add(partition),
      pause: (partition) => reading.delete(partition),
    },
    systemClock,
  );
  return { reading, readers };
};

const batch = (from: number, to: number): RecordBatch => ({
  topic: 'changelog',
  partition: 0,
  fetchedOffset: offsetOf(from),
  nextOffset: offsetOf(to),
  highWatermark: offsetOf(to),
  records: Array.from({ length: to - from }, (_, index) => ({
    offset: offsetOf(from + index),
    key: null,
    value: null,
    appendTimeMs: 0,
    headers: {},
  })),
});

describe('reading a changelog back', () => {
  it('ends with the first record at or after the barrier, and pauses', async () => {
    const { reading, readers } = readersFedBy();
    readers.reassign(new Set([0]));
    let records = 0;
    const done = readers.read(0, FIRST_FIVE, (read) => (records += read.length));
    expect([...reading]).toEqual([0]);
    expect(readers.offer(batch(0, 3))).toBe('applied');
    expect(readers.offer(batch(3, 6))).toBe('applied');
    await done;
    expect(records).toBe(6);
    expect(reading.size).toBe(0);
  });

  it('goes on where it stood when the group joins again', async () => {
    const { readers } = readersFedBy();
    readers.reassign(new Set([0]));
    const done = readers.read(0, FIRST_FIVE, () => undefined);
    readers.offer(batch(0, 3));
    readers.reassign(new Set([0]));
    expect(readers.offer(batch(0, 3))).toBe('dropped');
    expect(readers.offer(batch(3, 6))).toBe('applied');
    await done;
  });

  it('stops when the partition is taken away, and does not begin without it', async () => {
    const { readers } = readersFedBy();
    readers.reassign(new Set([0]));
    const done = readers.read(0, FIRST_FIVE, () => undefined);
    readers.reassign(new Set());
    await expect(done).rejects.toThrow('was revoked');
    await expect(readers.read(0, FIRST_FIVE, () => undefined)).rejects.toThrow('was revoked');
  });

  it('leaves the reader alone that a returned partition has got meanwhile', async () => {
    const { reading, readers } = readersFedBy();
    readers.reassign(new Set([0]));
    const old = readers.read(0, FIRST_FIVE, () => undefined);
    readers.reassign(new Set());
    readers.reassign(new Set([0]));
    const renewed = readers.read(0, FIRST_FIVE, () => undefined);
    await expect(old).rejects.toThrow('was revoked');
    expect([...reading]).toEqual([0]);
    readers.offer(batch(0, 6));
    await renewed;
  });
});
