import { crc32 } from 'node:zlib';
import { parseOffset, type Offset } from '../offset.js';
import type { OutputRecord, StreamRecord } from '../records.js';
import { StreamsError } from '../streams-error.js';
import { entryHashOf, type StateSummary } from './state-digest.js';

/** Keys start with a letter, so that none is ever four zero bytes, which the client takes for an abort marker. */
const POSITION_KEY = Buffer.from('p');
const BARRIER_KEY = Buffer.from('b');
const ENTRY_MARK = 's'.charCodeAt(0);
const SLASH = '/'.charCodeAt(0);
const CHECKSUM_BYTES = 4;
/** Format 1 had no summary of the state. */
const POSITION_FORMAT = 2;
const FIRST_FORMAT = 1;

/** "I own this now": written by a task before it restores. The nonce tells owners apart. */
export interface BarrierRecord {
  readonly kind: 'barrier';
  readonly nonce: Buffer;
}

/** "Applied up to here": part of every transaction of a task. */
export interface PositionRecord {
  readonly kind: 'position';
  /** The next offset of the source to read. */
  readonly sourceNext: Offset;
  /** Transactions of this task so far, this one included. */
  readonly transaction: number;
  /** By output topic, the offset after the last record written there; topics never written to are absent. */
  readonly outputEnds: Readonly<Record<string, Offset>>;
  /** What the service keeps per partition; JSON. Undefined until it sets it. */
  readonly partitionState: unknown;
  /** The state this transaction leads to; undefined in records written before there was one. */
  readonly state: StateSummary | undefined;
}

/** A changed, or deleted (null), entry of a store, as read. Key and value are slices of the record. */
export interface EntryRecord {
  readonly kind: 'entry';
  readonly store: string;
  /** As UTF-8. */
  readonly key: Buffer;
  readonly value: Buffer | null;
  /** What the entry adds to the digest of the state; 0 for a deletion. */
  readonly hash: number;
}

/** An entry as written. */
export interface EncodedEntry {
  readonly record: OutputRecord;
  /** The codec's bytes; null for a deletion. */
  readonly value: Buffer | null;
  readonly hash: number;
}

/** A record of a changelog. */
export type ChangelogRecord = BarrierRecord | PositionRecord | EntryRecord;

export const toOutputRecord = (record: BarrierRecord | PositionRecord): OutputRecord => {
  switch (record.kind) {
    case 'barrier':
      return { key: BARRIER_KEY, value: withChecksum(record.nonce, crc32(record.nonce)) };
    case 'position': {
      const bytes = encodePosition(record);
      return { key: POSITION_KEY, value: withChecksum(bytes, crc32(bytes)) };
    }
  }
};

/** @param value the codec's bytes; null deletes the key */
export const encodeEntry = (store: string, key: string, value: Buffer | null): EncodedEntry => {
  const changelogKey = entryKeyOf(store, key);
  if (value === null) return { record: { key: changelogKey, value: null }, value, hash: 0 };
  const checksum = crc32(value);
  return {
    record: { key: changelogKey, value: withChecksum(value, checksum) },
    value,
    hash: entryHashOf(changelogKey, checksum),
  };
};

/** Key of a store's entry in the changelog. */
const entryKeyOf = (store: string, key: string): Buffer => Buffer.from(`s${store}/${key}`);

/** @throws StreamsError STATE_CORRUPTED when the bytes are not what a task wrote */
export const parseChangelogRecord = (record: StreamRecord): ChangelogRecord => {
  const { key, value, offset } = record;
  if (key === null || key.length === 0) throw corrupted(offset, 'no key');
  if (key[0] === ENTRY_MARK) return parseEntry(key, value, offset);
  if (value === null) throw corrupted(offset, 'no value');
  if (key.equals(BARRIER_KEY)) return { kind: 'barrier', nonce: Buffer.from(verified(value, offset)) };
  if (key.equals(POSITION_KEY)) return parsePosition(verified(value, offset), offset);
  throw corrupted(offset, 'an unknown key');
};

const parseEntry = (key: Buffer, value: Buffer | null, offset: Offset): EntryRecord => {
  let slash = 1;
  while (slash < key.length && key[slash] !== SLASH) slash++;
  if (slash === 1 || slash === key.length) throw corrupted(offset, 'a key without its store');
  return {
    kind: 'entry',
    store: key.toString('utf8', 1, slash),
    key: key.subarray(slash + 1),
    value: value === null ? null : verified(value, offset),
    hash: value === null ? 0 : entryHashOf(key, value.readUInt32BE()),
  };
};

const encodePosition = (position: PositionRecord): Buffer => {
  const { sourceNext, transaction, outputEnds, partitionState, state } = position;
  return Buffer.from(
    JSON.stringify({ format: POSITION_FORMAT, sourceNext, transaction, outputEnds, partitionState, state }),
  );
};

const parsePosition = (bytes: Buffer, offset: Offset): PositionRecord => {
  const position = JSON.parse(bytes.toString()) as PositionRecord & { format: number };
  if (position.format !== POSITION_FORMAT && position.format !== FIRST_FORMAT)
    throw corrupted(offset, `position format ${position.format}`);
  const { sourceNext, transaction, outputEnds, partitionState, state } = position;
  return {
    kind: 'position',
    sourceNext: parseOffset(String(sourceNext)),
    transaction,
    outputEnds,
    partitionState,
    state,
  };
};

const withChecksum = (payload: Buffer, checksum: number): Buffer => {
  const value = Buffer.allocUnsafe(CHECKSUM_BYTES + payload.length);
  value.writeUInt32BE(checksum);
  payload.copy(value, CHECKSUM_BYTES);
  return value;
};

const verified = (value: Buffer, offset: Offset): Buffer => {
  const payload = value.subarray(CHECKSUM_BYTES);
  if (value.length < CHECKSUM_BYTES || value.readUInt32BE() !== crc32(payload))
    throw corrupted(offset, 'a wrong checksum');
  return payload;
};

const corrupted = (offset: Offset, what: string): StreamsError =>
  new StreamsError('STATE_CORRUPTED', `Changelog record at offset ${offset} has ${what}`);
