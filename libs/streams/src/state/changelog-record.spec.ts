import { describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import type { OutputRecord, StreamRecord } from '../records.js';
import { parseChangelogRecord, toOutputRecord, type ChangelogRecord } from './changelog-record.js';

const asRead = ({ key, value }: OutputRecord): StreamRecord => ({
  offset: offsetOf(42),
  key,
  value,
  appendTimeMs: 0,
  headers: {},
});
const position: ChangelogRecord = {
  kind: 'position',
  sourceNext: offsetOf(7),
  transaction: 3,
  outputEnds: { counts: offsetOf(5) },
  partitionState: { day: 20_000 },
  state: { entries: 2, digest: '0123456789abcdef' },
};

describe('a changelog record', () => {
  it.each<ChangelogRecord>([
    position,
    { kind: 'barrier', nonce: Buffer.from('nonce') },
    { kind: 'entry', store: 'ledger', key: 'a/b/c', value: Buffer.from([1, 2, 3]) },
    { kind: 'entry', store: 'ledger', key: 'deleted', value: null },
  ])('reads back as it was written: $kind', (record) => {
    expect(parseChangelogRecord(asRead(toOutputRecord(record)))).toEqual(record);
  });

  it('is refused with its offset when any one bit of its value is flipped', () => {
    const { key, value } = toOutputRecord(position);
    for (let bit = 0; bit < (value?.length ?? 0) * 8; bit++) {
      const flipped = Buffer.from(value ?? []);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => parseChangelogRecord(asRead({ key, value: flipped }))).toThrow(
        'offset 42 has a wrong checksum',
      );
    }
  });

  it('is refused when its key is not one of ours', () => {
    expect(() => parseChangelogRecord(asRead({ key: Buffer.from('x'), value: Buffer.alloc(8) }))).toThrow(
      'unknown key',
    );
    expect(() => parseChangelogRecord(asRead({ key: null, value: Buffer.alloc(8) }))).toThrow('no key');
  });

  it('never has a key of four zero bytes, which the client takes for an abort marker', () => {
    const { key } = toOutputRecord({ kind: 'entry', store: '\0\0', key: '\0\0', value: null });
    expect(key?.equals(Buffer.alloc(4))).toBe(false);
  });
});
