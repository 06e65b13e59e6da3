import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { CommittedRecord } from './committed-records.js';
import { verdictOf, type PartitionLog } from './oracle.js';

const TOPICS = { source: 'events', counts: 'counts', deadLetters: 'dead-letters', summaries: 'summaries' };

const record = (offset: number, key: string | null, value: object | string | null): CommittedRecord => ({
  offset,
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  headers: {},
});

const kept = (offset: number, key: string, value: object): CommittedRecord => {
  const payload = Buffer.from(JSON.stringify(value));
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(payload));
  return { ...record(offset, key, null), value: Buffer.concat([checksum, payload]) };
};

/**
 * Two transactions and a tick between them:
 *
 *     source  0 a+5 · 1 poison · 2 marker │ 3 b+1 · 4 a closed
 */
const first = { events: 1, deadLetters: 1, ticks: 0, order: crc32('1,') };
const last = { events: 3, deadLetters: 1, ticks: 1, order: crc32('3,', crc32('2,', first.order)) };
const ends = { counts: 4, 'dead-letters': 1, summaries: 5 };
const poison: CommittedRecord = {
  ...record(0, 'a', 'poison'),
  headers: {
    'dead-letter-topic': 'events',
    'dead-letter-partition': '0',
    'dead-letter-offset': '1',
    'dead-letter-reason': 'unreadable',
    'dead-letter-error': 'whatever',
  },
};
const right: PartitionLog = {
  source: [
    record(0, 'a', { seq: 1, add: 5 }),
    record(1, 'a', 'poison'),
    record(3, 'b', { seq: 2, add: 1 }),
    record(4, 'a', { seq: 3, close: true }),
  ],
  counts: [
    record(0, 'a', { count: 1, sum: 5, last: 1, closed: false }),
    record(2, 'b', { count: 1, sum: 1, last: 2, closed: false }),
    record(3, 'a', { count: 2, sum: 5, last: 3, closed: true }),
  ],
  deadLetters: [poison],
  summaries: [
    record(0, null, { first: 0, last: 1, records: 2, open: 1 }),
    record(2, null, { tick: 1 }),
    record(4, null, { first: 3, last: 4, records: 2, open: 1 }),
  ],
  receipts: [
    record(0, null, { sourceNext: 3, outputEnds: { counts: 1, 'dead-letters': 1 }, partitionState: first }),
    record(2, null, {
      sourceNext: 3,
      outputEnds: { counts: 1, 'dead-letters': 1 },
      partitionState: { ...first, ticks: 1 },
    }),
    record(4, null, { sourceNext: 5, outputEnds: ends, partitionState: last }),
  ],
  changelog: [
    kept(0, 'saccounts/a', { count: 1, sum: 5, last: 1 }),
    kept(5, 'saccounts/b', { count: 1, sum: 1, last: 2 }),
    record(6, 'saccounts/a', null),
    kept(7, 'p', {
      sourceNext: 5,
      transaction: 3,
      outputEnds: ends,
      partitionState: last,
      state: { entries: 1 },
    }),
  ],
};

const without = <T>(list: readonly T[], index: number): readonly T[] => list.toSpliced(index, 1);
const doubled = (list: readonly CommittedRecord[], index: number): readonly CommittedRecord[] =>
  list.flatMap((each, at) => (at === index ? [each, { ...each, offset: each.offset + 0.5 }] : [each]));
const replaced = <T>(list: readonly T[], index: number, value: T): readonly T[] => list.with(index, value);
const judge = (log: Partial<PartitionLog>) => verdictOf({ ...right, ...log }, 0, TOPICS);

describe('the oracle of the campaign', () => {
  it('finds nothing wrong with what is right', () => {
    expect(judge({})).toEqual({ lost: 0, duplicated: 0, differences: [] });
  });

  it('counts an event that left nothing, and one that left it twice', () => {
    expect(judge({ counts: without(right.counts, 1) })).toMatchObject({ lost: 1, duplicated: 0 });
    expect(judge({ counts: doubled(right.counts, 1) })).toMatchObject({ lost: 0, duplicated: 1 });
    expect(judge({ deadLetters: [] })).toMatchObject({ lost: 1, duplicated: 0 });
    expect(judge({ deadLetters: doubled(right.deadLetters, 0) })).toMatchObject({ lost: 0, duplicated: 1 });
  });

  it.each<[string, Partial<PartitionLog>]>([
    [
      'a count that is off by one',
      { counts: replaced(right.counts, 2, record(3, 'a', { count: 3, sum: 5, last: 3, closed: true })) },
    ],
    [
      'outputs in another order',
      { counts: [right.counts[1], right.counts[0], right.counts[2]].flatMap((each) => each ?? []) },
    ],
    ['a dead letter with other bytes', { deadLetters: [{ ...poison, value: Buffer.from('other') }] }],
    [
      'a dead letter with another reason',
      { deadLetters: [{ ...poison, headers: { ...poison.headers, 'dead-letter-reason': 'other' } }] },
    ],
    ['a transaction that was applied twice', { summaries: doubled(right.summaries, 2) }],
    ['a tick that was applied twice', { summaries: doubled(right.summaries, 1) }],
    ['a transaction without its receipt', { receipts: without(right.receipts, 1) }],
    ['receipts that end too early', { receipts: without(right.receipts, 2) }],
    ['an entry that came back', { changelog: without(right.changelog, 2) }],
    ['an entry that is gone', { changelog: without(right.changelog, 1) }],
    ['a stale entry', { changelog: [...right.changelog, kept(9, 'saccounts/b', { count: 0 })] }],
    ['a wrong checksum', { changelog: [...right.changelog, record(9, 'b', 'nonce')] }],
    ['a position that went back', { changelog: without(right.changelog, 3) }],
  ])('finds %s', (_what, log) => {
    expect(judge(log).differences).not.toEqual([]);
  });
});
