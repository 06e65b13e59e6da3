import { describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import type { OutputRecord, StreamRecord } from '../records.js';
import { encodeEntry, parseChangelogRecord, toOutputRecord } from '../state/changelog-record.js';
import type { StateSummary } from '../state/state-digest.js';
import { restoreInto } from './restore.js';
import { TaskMemory } from './task-memory.js';

const nonce = Buffer.from('mine');
const BARRIER_OFFSET = 10;

const at = (offset: number, record: OutputRecord): StreamRecord => ({
  offset: offsetOf(offset),
  appendTimeMs: 0,
  headers: {},
  ...record,
});
const barrierAt = (offset: number, text = 'mine'): StreamRecord =>
  at(offset, toOutputRecord({ kind: 'barrier', nonce: Buffer.from(text) }));
const entryAt = (offset: number, value: string): StreamRecord =>
  at(offset, encodeEntry('texts', 'k', Buffer.from(value)).record);
const positionAt = (offset: number, sourceNext: number, state?: StateSummary) =>
  at(
    offset,
    toOutputRecord({
      kind: 'position',
      sourceNext: offsetOf(sourceNext),
      transaction: 1,
      outputEnds: {},
      partitionState: undefined,
      state,
    }),
  );

const emptyMemory = () =>
  new TaskMemory({
    texts: {
      name: 'texts',
      codec: { encode: (text: string) => Buffer.from(text), decode: (bytes) => bytes.toString() },
    },
  });

const restoredInto = (memory: TaskMemory, ...records: readonly StreamRecord[]) => {
  const restore = restoreInto(memory, { nonce, offset: offsetOf(BARRIER_OFFSET) });
  restore.add(records);
  restore.finish();
  return { memory, store: memory.stores.store('texts') };
};
const restored = (...records: readonly StreamRecord[]) => restoredInto(emptyMemory(), ...records);

/** Summary of a state that holds `k` with this value. */
const summaryWith = (value: string): StateSummary => {
  const { stores } = emptyMemory();
  const entry = parseChangelogRecord(entryAt(0, value));
  if (entry.kind === 'entry') stores.store('texts').restore(entry);
  return stores.summary();
};

describe('restoring', () => {
  it('takes the last entry and the last position before the barrier', () => {
    const { memory, store } = restored(
      entryAt(1, 'old'),
      positionAt(2, 5),
      entryAt(3, 'new'),
      positionAt(4, 8),
      barrierAt(BARRIER_OFFSET),
    );
    expect(store.get('k')).toBe('new');
    expect(memory.position?.sourceNext).toBe(8);
    expect(memory.changelogNext).toBe(BARRIER_OFFSET + 1);
  });

  it('knows no position when there never was one', () => {
    expect(restored(barrierAt(BARRIER_OFFSET)).memory.position).toBeUndefined();
  });

  it.each([
    ['is gone, because a newer one replaced it', [barrierAt(12, 'theirs')]],
    ['carries the nonce of somebody else', [barrierAt(BARRIER_OFFSET, 'theirs')]],
    ['is followed by a newer one', [barrierAt(BARRIER_OFFSET), barrierAt(12, 'theirs')]],
  ])('stops as fenced when its barrier %s', (_what, records) => {
    expect(() => restored(...records)).toThrow("was replaced by another owner's");
  });

  it('accepts the state its last position was written with, and no other', () => {
    const wrong = /holds 1 entries with digest .* but its last position was written with/;
    const rest = (value: string) => [entryAt(1, value), positionAt(2, 5, summaryWith('right'))];
    expect(restored(...rest('right'), barrierAt(BARRIER_OFFSET)).store.get('k')).toBe('right');
    expect(() => restored(...rest('stale'), barrierAt(BARRIER_OFFSET))).toThrow(wrong);
    expect(() => restored(positionAt(2, 5, summaryWith('right')), barrierAt(BARRIER_OFFSET))).toThrow(
      'holds 0 entries',
    );
  });

  it('refuses entries without any position', () => {
    expect(() => restored(entryAt(1, 'orphan'), barrierAt(BARRIER_OFFSET))).toThrow('holds 1 entries');
  });

  it('goes on from what is in memory, taking over twice what it knows already', () => {
    const { memory } = restored(entryAt(1, 'old'), positionAt(2, 5), barrierAt(BARRIER_OFFSET));
    const tail = [entryAt(1, 'old'), entryAt(6, 'new'), positionAt(7, 9, summaryWith('new'))];
    const { store } = restoredInto(memory, ...tail, barrierAt(BARRIER_OFFSET));
    expect(store.get('k')).toBe('new');
    expect(memory.position?.sourceNext).toBe(9);
  });

  it('suspects a fence before it suspects the state', () => {
    expect(() => restored(entryAt(1, 'half'), barrierAt(12, 'theirs'))).toThrow("another owner's");
  });

  it('refuses a store it does not have', () => {
    const unknown = at(1, encodeEntry('numbers', 'k', Buffer.from('1')).record);
    expect(() => restored(unknown, barrierAt(BARRIER_OFFSET))).toThrow('There is no store numbers');
  });
});
