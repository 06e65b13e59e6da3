import type { EntryRecord } from './changelog-record.js';

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

/** What a handler may do with a store. Values are immutable: put a new one. */
export interface KeyValueStore<V> {
  get(key: string): V | undefined;
  put(key: string, value: V): void;
  delete(key: string): void;
  /** All entries, what the open transaction changed included. */
  entries(): IterableIterator<[string, V]>;
}

/**
 * A store of one task. Changes go to an overlay and reach the committed state only when the transaction did:
 * nothing is written to a store before the commit.
 */
export class TransactionalStore<V> implements KeyValueStore<V> {
  readonly name: string;
  readonly #codec: StoreCodec<V>;
  readonly #committed = new Map<string, V>();
  readonly #overlay = new Map<string, V | undefined>();

  constructor({ name, codec }: StoreSpec<V>) {
    this.name = name;
    this.#codec = codec;
  }

  get(key: string): V | undefined {
    return this.#overlay.has(key) ? this.#overlay.get(key) : this.#committed.get(key);
  }

  put(key: string, value: V): void {
    this.#overlay.set(key, value);
  }

  delete(key: string): void {
    this.#overlay.set(key, undefined);
  }

  *entries(): IterableIterator<[string, V]> {
    for (const [key, value] of this.#committed) if (!this.#overlay.has(key)) yield [key, value];
    for (const [key, value] of this.#overlay) if (value !== undefined) yield [key, value];
  }

  /** Number of committed entries. */
  get size(): number {
    return this.#committed.size;
  }

  /** The open transaction's changes, for the changelog. */
  *changes(): IterableIterator<EntryRecord> {
    for (const [key, value] of this.#overlay)
      yield {
        kind: 'entry',
        store: this.name,
        key,
        value: value === undefined ? null : this.#codec.encode(value),
      };
  }

  /** The transaction was committed. */
  mergeOverlay(): void {
    for (const [key, value] of this.#overlay)
      if (value === undefined) this.#committed.delete(key);
      else this.#committed.set(key, value);
    this.#overlay.clear();
  }

  /** Takes an entry over from the changelog. */
  restore(key: string, value: Buffer | null): void {
    if (value === null) this.#committed.delete(key);
    else this.#committed.set(key, this.#codec.decode(value));
  }
}
