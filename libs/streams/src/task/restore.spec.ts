import { describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import type { StreamRecord } from '../records.js';
import { toOutputRecord, type ChangelogRecord } from '../state/changelog-record.js';
import { TransactionalStore } from '../state/key-value-store.js';
import { restoreInto } from './restore.js';

const nonce = Buffer.from('mine');
const BARRIER_OFFSET = 10;

const at = (offset: number, record: ChangelogRecord): StreamRecord => ({
  offset: offsetOf(offset),
  appendTimeMs: 0,
  headers: {},
  ...toOutputRecord(record),
});
const barrierAt = (offset: number, text = 'mine'): StreamRecord =>
  at(offset, { kind: 'barrier', nonce: Buffer.from(text) });
const entryAt = (offset: number, value: string): StreamRecord =>
  at(offset, { kind: 'entry', store: 'texts', key: 'k', value: Buffer.from(value) });
const positionAt = (offset: number, sourceNext: number): StreamRecord =>
  at(offset, {
    kind: 'position',
    sourceNext: offsetOf(sourceNext),
    transaction: 1,
    outputEnds: {},
    partitionState: undefined,
  });

const restored = (...records: readonly StreamRecord[]) => {
  const store = new TransactionalStore<unknown>({
    name: 'texts',
    codec: { encode: (text) => Buffer.from(String(text)), decode: (bytes) => bytes.toString() },
  });
  const restore = restoreInto(new Map([['texts', store]]), { nonce, offset: offsetOf(BARRIER_OFFSET) });
  restore.add(records);
  return { position: restore.finish(), store };
};

describe('restoring', () => {
  it('takes the last entry and the last position before the barrier', () => {
    const { position, store } = restored(
      entryAt(1, 'old'),
      positionAt(2, 5),
      entryAt(3, 'new'),
      positionAt(4, 8),
      barrierAt(BARRIER_OFFSET),
    );
    expect(store.get('k')).toBe('new');
    expect(position?.sourceNext).toBe(8);
  });

  it('knows no position when there never was one', () => {
    expect(restored(barrierAt(BARRIER_OFFSET)).position).toBeUndefined();
  });

  it.each([
    ['is gone, because a newer one replaced it', [barrierAt(12, 'theirs')]],
    ['carries the nonce of somebody else', [barrierAt(BARRIER_OFFSET, 'theirs')]],
    ['is followed by a newer one', [barrierAt(BARRIER_OFFSET), barrierAt(12, 'theirs')]],
  ])('stops as fenced when its barrier %s', (_what, records) => {
    expect(() => restored(...records)).toThrow("was replaced by another owner's");
  });

  it('refuses a store it does not have', () => {
    const unknown = at(1, { kind: 'entry', store: 'numbers', key: 'k', value: Buffer.from('1') });
    expect(() => restored(unknown, barrierAt(BARRIER_OFFSET))).toThrow('belongs to no store: numbers');
  });
});
