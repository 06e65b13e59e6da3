import { StreamsError } from '../streams-error.js';
import { entryKeyOf, type EntryRecord } from './changelog-record.js';
import { PackedMap } from './packed-map.js';
import { entryHashOf, type StateDigest } from './state-digest.js';

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
}

/** A store as a handler reads it. Values are immutable: put a new one through the transaction's context. */
export interface ReadableStore<V> {
  get(key: string): V | undefined;
  /** All entries, what the open transaction changed included. Decodes each: for start-up and rare sweeps. */
  entries(): IterableIterator<[string, V]>;
}

/** A changed entry with what is needed to write it and, after the commit, to keep it. */
interface EncodedChange {
  readonly key: string;
  readonly value: Buffer | null;
  readonly hash: number;
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
  readonly #overlay = new Map<string, V | undefined>();
  #encoded: readonly EncodedChange[] = [];

  constructor({ name, codec }: StoreSpec<V>, digest: StateDigest) {
    this.name = name;
    this.#codec = codec;
    this.#digest = digest;
  }

  get(key: string): V | undefined {
    if (this.#overlay.has(key)) return this.#overlay.get(key);
    const entry = this.#committed.get(key);
    return entry === undefined ? undefined : this.#decode(key, entry.value);
  }

  put(key: string, value: V): void {
    this.#overlay.set(key, value);
  }

  delete(key: string): void {
    this.#overlay.set(key, undefined);
  }

  *entries(): IterableIterator<[string, V]> {
    for (const [key, bytes] of this.#committed.entries())
      if (!this.#overlay.has(key)) yield [key, this.#decode(key, bytes)];
    for (const [key, value] of this.#overlay) if (value !== undefined) yield [key, value];
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
  changes(digest: StateDigest): readonly EntryRecord[] {
    this.#encoded = [...this.#overlay].map(([key, value]) => this.#encode(key, value));
    for (const { key, value, hash } of this.#encoded) {
      const replaced = this.#committed.get(key);
      if (replaced !== undefined) digest.remove(replaced.checksum);
      if (value !== null) digest.add(hash);
    }
    return this.#encoded.map(({ key, value }) => ({ kind: 'entry', store: this.name, key, value }));
  }

  /** The transaction was committed: what {@link changes} told is the state now. */
  mergeOverlay(): void {
    for (const change of this.#encoded) this.#commit(change);
    this.dropOverlay();
  }

  /** The transaction came to nothing. */
  dropOverlay(): void {
    this.#overlay.clear();
    this.#encoded = [];
  }

  /** Takes an entry over from the changelog. */
  restore(key: string, value: Buffer | null): void {
    this.#commit({ key, value, hash: value === null ? 0 : this.#hashOf(key, value) });
  }

  #decode(key: string, bytes: Buffer): V {
    try {
      return this.#codec.decode(bytes);
    } catch (cause) {
      throw new StreamsError('STATE_CORRUPTED', `Store ${this.name} cannot read the value of ${key}`, {
        cause,
      });
    }
  }

  #encode(key: string, value: V | undefined): EncodedChange {
    if (value === undefined) return { key, value: null, hash: 0 };
    const bytes = this.#codec.encode(value);
    return { key, value: bytes, hash: this.#hashOf(key, bytes) };
  }

  #commit({ key, value, hash }: EncodedChange): void {
    const replaced = value === null ? this.#committed.delete(key) : this.#committed.set(key, value, hash);
    if (replaced !== undefined) this.#digest.remove(replaced);
    if (value !== null) this.#digest.add(hash);
  }

  #hashOf(key: string, value: Buffer): number {
    return entryHashOf(entryKeyOf(this.name, key), value);
  }
}
