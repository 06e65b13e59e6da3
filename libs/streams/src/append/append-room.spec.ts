import { describe, expect, it } from '@jest/globals';
import type { AppendSize } from '../log-appender.js';
import { appendRoom } from './append-room.js';

const LIMITS = { maxRecords: 8, maxBytes: 800, bulkShare: 0.25 };
const sized = (records: number, bytes = records): AppendSize => ({ records, bytes });
const admitted = async (waiting: Promise<void>): Promise<boolean> => {
  let isIn = false;
  void waiting.then(() => (isIn = true));
  await new Promise(setImmediate);
  return isIn;
};

describe('the room in front of the log', () => {
  it('ends with the records, and with the bytes', () => {
    const room = appendRoom(LIMITS);
    expect(room.tryTake(sized(8))).toBe(true);
    expect(room.tryTake(sized(1))).toBe(false);
    room.release('single', sized(8));
    expect(room.tryTake(sized(1, 800))).toBe(true);
    expect(room.tryTake(sized(1, 1))).toBe(false);
    expect(room.taken()).toEqual(sized(1, 800));
  });

  it('is given back', () => {
    const room = appendRoom(LIMITS);
    room.tryTake(sized(8));
    room.release('single', sized(3));
    expect(room.tryTake(sized(3))).toBe(true);
  });

  it('has a share for bulk appends, so that they leave the rest to single ones', async () => {
    const room = appendRoom(LIMITS);
    await room.takeInBulk(sized(2));
    expect(await admitted(room.takeInBulk(sized(1)))).toBe(false);
    expect(room.tryTake(sized(6))).toBe(true);
  });

  it('is no more than that share in bytes either', async () => {
    const room = appendRoom(LIMITS);
    await room.takeInBulk(sized(1, 200));
    expect(await admitted(room.takeInBulk(sized(1, 1)))).toBe(false);
  });

  it('lets bulk appends in by the order of their calls: a small one does not overtake a large one', async () => {
    const room = appendRoom(LIMITS);
    await room.takeInBulk(sized(1));
    const large = room.takeInBulk(sized(2));
    const small = room.takeInBulk(sized(1));
    expect([await admitted(large), await admitted(small)]).toEqual([false, false]);
    room.release('bulk', sized(1));
    expect([await admitted(large), await admitted(small)]).toEqual([true, false]);
    room.release('bulk', sized(2));
    expect(await admitted(small)).toBe(true);
  });

  it('lets a bulk append wait for single ones that take everything', async () => {
    const room = appendRoom(LIMITS);
    room.tryTake(sized(8));
    const bulk = room.takeInBulk(sized(1));
    expect(await admitted(bulk)).toBe(false);
    room.release('single', sized(1));
    expect(await admitted(bulk)).toBe(true);
  });

  it('takes what is larger than all of it when nothing else is there, or it would wait for ever', async () => {
    const room = appendRoom(LIMITS);
    expect(await admitted(room.takeInBulk(sized(9, 900)))).toBe(true);
  });
});
