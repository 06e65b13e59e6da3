import { StreamsError } from '../streams-error.js';
import type { OutputRecord } from '../records.js';
import { encodeEntry, type EncodedEntry, type EntryRecord } from './changelog-record.js';
import { PackedMap } from './packed-map.js';
import type { StateDigest } from './state-digest.js';

/** Serde of a store's values. The bytes given to `decode` may be a slice of something large: copy what is kept. */
export interface StoreCodec<V> {
  encode(value: V): Buffer;
  decode(bytes: Buffer): V;
}

/** A store as a service declares it. */
export interface StoreSpec<V> {
  /** Part of the changelog's keys: never rename. No slash. */
  readonly name: string;
  readonly codec: StoreCodec<V>;
  /**
   * What an open transaction keeps of what it puts. `values`, the default: an entry is encoded once, however often it is put. `bytes`: it is
   * encoded at each put and decoded at each look, which leaves less to the garbage collector where entries are hardly ever
   * touched twice.
   */
  readonly keeps?: keyof typeof KEEPING;
}

/** A store as a handler reads it. Values are immutable: put a new one through the transaction's context. */
export interface ReadableStore<V> {
  get(key: string): V | undefined;
  /** All entries, what the open transaction changed included. Decodes each: for start-up and rare sweeps. */
  entries(): IterableIterator<[string, V]>;
  /**
   * Looks at all committed entries one after the other: gives the keys of those whose bytes are wanted, and undefined for each of
   * the others, so that whoever asks can stop at any time and go on after other transactions. An entry that is there
   * from beginning to end is given exactly once, one that comes or goes at most once. Nothing is decoded, and nothing is kept but
   * the place in the store.
   */
  search(isWanted: (bytes: Buffer) => boolean): IterableIterator<string | undefined>;
}

/** A changed entry with what is needed to write it and, after the commit, to keep it. */
interface EncodedChange extends EncodedEntry {
  readonly key: string;
}

/**
 * A store of one task. Committed entries are packed off the JavaScript heap as the codec's bytes. Changes go to an
 * overlay and reach the committed state only when the transaction did: nothing is written to a store before the commit.
 */
export class TransactionalStore<V> implements ReadableStore<V> {
  readonly name: string;
  readonly #codec: StoreCodec<V>;
  readonly #digest: StateDigest;
  readonly #committed = new PackedMap();
  readonly #keeping: Keeping<V>;
  /** What was put, as it is kept; undefined: deleted. */
  readonly #overlay = new Map<string, unknown>();
  #encoded: readonly EncodedChange[] = [];

  constructor({ name, codec, keeps = 'values' }: StoreSpec<V>, digest: StateDigest) {
    this.name = name;
    this.#keeping = KEEPING[keeps](codec);
    this.#codec = codec;
    this.#digest = digest;
  }

  get(key: string): V | undefined {
    const kept = this.#overlay.get(key);
    if (kept !== undefined) return this.#keeping.valueOf(kept);
    if (this.#overlay.has(key)) return undefined;
    const entry = this.#committed.get(key);
    return entry === undefined ? undefined : this.#decode(key, entry.value);
  }

  put(key: string, value: V): void {
    this.#overlay.set(key, this.#keeping.keep(value));
  }

  delete(key: string): void {
    this.#overlay.set(key, undefined);
  }

  *entries(): IterableIterator<[string, V]> {
    for (const [key, bytes] of this.#committed.entries())
      if (!this.#overlay.has(key)) yield [key, this.#decode(key, bytes)];
    for (const [key, kept] of this.#overlay) if (kept !== undefined) yield [key, this.#keeping.valueOf(kept)];
  }

  search(isWanted: (bytes: Buffer) => boolean): IterableIterator<string | undefined> {
    return this.#committed.search((bytes, ref) => {
      try {
        return isWanted(bytes);
      } catch (cause) {
        throw this.#unreadable(this.#committed.keyOf(ref), cause);
      }
    });
  }

  /** Number of committed entries. */
  get size(): number {
    return this.#committed.size;
  }

  /** Memory held for committed entries, in bytes. */
  get allocatedBytes(): number {
    return this.#committed.allocatedBytes;
  }

  /** Number of entries the open transaction has touched. */
  get changedKeys(): number {
    return this.#overlay.size;
  }

  /**
   * The open transaction's changes, for the changelog.
   *
   * @param digest brought to what it will be once they are committed
   */
  changes(digest: StateDigest): readonly OutputRecord[] {
    const encoded: EncodedChange[] = [];
    const records: OutputRecord[] = [];
    for (const [key, kept] of this.#overlay) {
      const bytes = kept === undefined ? null : this.#keeping.bytesOf(kept);
      const { record, value, hash } = encodeEntry(this.name, key, bytes);
      const change = { key, record, value, hash };
      encoded.push(change);
      records.push(change.record);
      const replaced = this.#committed.checksumOf(key);
      if (replaced !== undefined) digest.remove(replaced);
      if (bytes !== null) digest.add(change.hash);
    }
    this.#encoded = encoded;
    return records;
  }

  /** The transaction was committed: what {@link changes} told is the state now. */
  mergeOverlay(): void {
    for (const { key, value, hash } of this.#encoded) {
      const replaced = value === null ? this.#committed.delete(key) : this.#committed.set(key, value, hash);
      this.#count(replaced, value === null ? undefined : hash);
    }
    this.dropOverlay();
  }

  /** The transaction came to nothing. */
  dropOverlay(): void {
    this.#overlay.clear();
    this.#encoded = [];
  }

  /** Takes an entry over from the changelog. */
  restore({ key, value, hash }: Omit<EntryRecord, 'kind' | 'store'>): void {
    const replaced =
      value === null ? this.#committed.deleteByBytes(key) : this.#committed.setByBytes(key, value, hash);
    this.#count(replaced, value === null ? undefined : hash);
  }

  #decode(key: string, bytes: Buffer): V {
    try {
      return this.#codec.decode(bytes);
    } catch (cause) {
      throw this.#unreadable(key, cause);
    }
  }

  #unreadable(key: string, cause: unknown): StreamsError {
    return new StreamsError('STATE_CORRUPTED', `Store ${this.name} cannot read the value of ${key}`, {
      cause,
    });
  }

  #count(removed: number | undefined, added: number | undefined): void {
    if (removed !== undefined) this.#digest.remove(removed);
    if (added !== undefined) this.#digest.add(added);
  }
}

/** How an open transaction keeps what it puts. `valueOf` and `bytesOf` take what `keep` gave, never undefined. */
interface Keeping<V> {
  keep(value: V): unknown;
  valueOf(kept: unknown): V;
  bytesOf(kept: unknown): Buffer;
}

const KEEPING = {
  values: <V>(codec: StoreCodec<V>): Keeping<V> => ({
    keep: (value) => value,
    valueOf: (kept) => kept as V,
    bytesOf: (kept) => codec.encode(kept as V),
  }),
  bytes: <V>(codec: StoreCodec<V>): Keeping<V> => ({
    keep: (value) => codec.encode(value),
    valueOf: (kept) => codec.decode(kept as Buffer),
    bytesOf: (kept) => kept as Buffer,
  }),
} as const;
