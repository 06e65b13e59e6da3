import { describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import type { OutputRecord, StreamRecord } from '../records.js';
import { StreamsError } from '../streams-error.js';
import { randomOf } from '../testing/time/random.js';
import {
  encodeEntry,
  parseChangelogRecord,
  toOutputRecord,
  type BarrierRecord,
  type PositionRecord,
} from './changelog-record.js';

const asRead = ({ key, value }: OutputRecord): StreamRecord => ({
  offset: offsetOf(42),
  key,
  value,
  appendTimeMs: 0,
  headers: {},
});
const position: PositionRecord = {
  kind: 'position',
  sourceNext: offsetOf(7),
  transaction: 3,
  outputEnds: { counts: offsetOf(5) },
  partitionState: { day: 20_000 },
  state: { entries: 2, digest: '0123456789abcdef' },
};

const FLIPPED_BITS = 1_000_000;
const ENTRIES = 2_000;
const KEY_CHARACTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.';

/** Whether a changed entry cannot be read, or adds something else to the digest of the state than the one written. */
const isRefused = (record: OutputRecord, writtenHash: number): boolean => {
  try {
    const read = parseChangelogRecord(asRead(record));
    return read.kind !== 'entry' || read.hash !== writtenHash;
  } catch (error) {
    return error instanceof StreamsError && error.code === 'STATE_CORRUPTED';
  }
};

describe('a changelog record', () => {
  it.each<PositionRecord | BarrierRecord>([position, { kind: 'barrier', nonce: Buffer.from('nonce') }])(
    'reads back as it was written: $kind',
    (record) => {
      expect(parseChangelogRecord(asRead(toOutputRecord(record)))).toEqual(record);
    },
  );

  it.each([
    ['a/b/c', Buffer.from([1, 2, 3])],
    ['gelöscht', null],
  ])('reads back as it was written: entry %s', (key, value) => {
    const { record, hash } = encodeEntry('ledger', key, value);
    const read = parseChangelogRecord(asRead(record));
    expect(read).toEqual({ kind: 'entry', store: 'ledger', key: Buffer.from(key), value, hash });
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

  it('shows every one of a million flipped bits: in its value by the checksum, in its key by the digest of the state', () => {
    const random = randomOf(1);
    let undetected = 0;
    for (let entries = 0; entries < ENTRIES; entries++) {
      const key = Array.from({ length: random.between(1, 40) }, () => KEY_CHARACTERS[random.below(64)]).join(
        '',
      );
      const value = Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)));
      const { record: written, hash } = encodeEntry('ledger', key, value);
      const keyLength = written.key?.length ?? 0;
      const bytes = Buffer.concat([written.key ?? Buffer.alloc(0), written.value ?? Buffer.alloc(0)]);
      for (let flips = 0; flips < FLIPPED_BITS / ENTRIES; flips++) {
        const flipped = Buffer.from(bytes);
        const bit = random.below(bytes.length * 8);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const record = { key: flipped.subarray(0, keyLength), value: flipped.subarray(keyLength) };
        if (!isRefused(record, hash)) undetected += 1;
      }
    }
    expect(undetected).toBe(0);
  });

  it('is refused when its key is not one of ours', () => {
    expect(() => parseChangelogRecord(asRead({ key: Buffer.from('x'), value: Buffer.alloc(8) }))).toThrow(
      'unknown key',
    );
    expect(() => parseChangelogRecord(asRead({ key: null, value: Buffer.alloc(8) }))).toThrow('no key');
  });

  it('never has a key of four zero bytes, which the client takes for an abort marker', () => {
    const { key } = encodeEntry('\0\0', '\0\0', null).record;
    expect(key?.equals(Buffer.alloc(4))).toBe(false);
  });
});
