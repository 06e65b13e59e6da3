import { murmur3, type KeyHash } from './key-hash.js';
import { PackedCompaction } from './packed-compaction.js';
import {
  checksumAt,
  entryWords,
  hasKeyAt,
  keyAt,
  sizeAt,
  valueAt,
  writeEntry,
  writeValue,
} from './packed-entry.js';
import { PackedIndex } from './packed-index.js';
import { PackedKey } from './packed-key.js';
import { NONE, wordOf, type PackedRef } from './packed-ref.js';
import { PackedSlabs, type PackedSlabsOptions } from './packed-slabs.js';
import { WORD_BYTES } from './packed-words.js';

/** What a PackedMap keeps of a key. */
export interface PackedEntry {
  /** A view into the map, valid until its next change: copy what is kept. */
  readonly value: Buffer;
  /** As given to `set`: an unsigned 32-bit number. */
  readonly checksum: number;
}

/** Of a map; the defaults are what a service uses. */
export interface PackedMapOptions extends PackedSlabsOptions {
  /** Default: MurmurHash3. */
  readonly hashOf?: KeyHash;
}

/**
 * A map from strings (as UTF-8, like the keys of a changelog) to bytes, packed into a few large buffers: the
 * garbage collector sees some objects per 16 MiB, not some per key. A key costs 12 bytes of header, up to 6 of
 * padding and 11 to 23 of index beyond its own bytes and those of its value.
 *
 * Entries are appended to slabs; the index is an open-addressing table of pairs of hash and reference. What is
 * overwritten or deleted leaves garbage. When that is a third of what is filled, each change also empties some of
 * the slab with most garbage, four bytes for each byte it wrote or freed: no call copies much more than its caller
 * did, and what is allocated stays under twice what is used, plus the index and three slabs. Only the index is
 * rebuilt in one go, when it doubles or halves: 0.2 s at six million keys, twice that at each doubling.
 *
 * Full (16 GiB with the garbage, or 751 million keys) and too large (an entry over 16 MiB) are a StreamsError FATAL
 * thrown by `set`, which leaves every entry as it was.
 *
 * Somebody who chooses many keys can give them one hash, and each look at one of these then walks past the others: do
 * not let strangers choose keys freely. A secret seed would not help, MurmurHash3 has such keys for all seeds at once.
 */
export class PackedMap {
  readonly #key: PackedKey;
  readonly #slabs: PackedSlabs;
  readonly #index = new PackedIndex();
  readonly #compaction: PackedCompaction;
  /** Counts changes: the views of an iteration are as old as its last look. */
  #revision = 0;

  constructor({ hashOf = murmur3, ...limits }: PackedMapOptions = {}) {
    this.#key = new PackedKey(hashOf);
    this.#slabs = new PackedSlabs(limits);
    this.#compaction = new PackedCompaction(this.#slabs, this.#index, hashOf);
  }

  /** Number of keys. */
  get size(): number {
    return this.#index.size;
  }

  /** Bytes of the live entries: keys, values, headers, padding. */
  get usedBytes(): number {
    return this.#slabs.liveWords * WORD_BYTES;
  }

  /** Bytes of everything held: slabs, index, the room for a key. */
  get allocatedBytes(): number {
    return (this.#slabs.allocatedWords + this.#index.words + this.#key.words.length) * WORD_BYTES;
  }

  get(key: string): PackedEntry | undefined {
    this.#key.write(key);
    const ref = this.#index.refAt(this.#slotOfKey());
    if (ref === NONE) return undefined;
    const slab = this.#slabs.slabOf(ref);
    const at = wordOf(ref);
    return { value: valueAt(slab, at), checksum: checksumAt(slab.words, at) };
  }

  /** The checksum of a key's entry. */
  checksumOf(key: string): number | undefined {
    this.#key.write(key);
    const ref = this.#index.refAt(this.#slotOfKey());
    return ref === NONE ? undefined : checksumAt(this.#slabs.slabOf(ref).words, wordOf(ref));
  }

  /** @returns the checksum of the entry it replaced */
  set(key: string, value: Buffer, checksum: number): number | undefined {
    this.#key.write(key);
    return this.#set(value, checksum);
  }

  /** {@link set} for a key that is UTF-8 already. */
  setByBytes(key: Uint8Array, value: Buffer, checksum: number): number | undefined {
    this.#key.writeBytes(key);
    return this.#set(value, checksum);
  }

  #set(value: Buffer, checksum: number): number | undefined {
    this.#revision++;
    const sizeWords = entryWords(this.#key.byteLength, value.length);
    const slot = this.#slotOfKey();
    const ref = this.#index.refAt(slot);
    if (ref === NONE) {
      this.#index.makeRoom();
      this.#index.insert(this.#key.hash, this.#append(sizeWords, value, checksum));
      this.#compaction.advance(sizeWords);
      return undefined;
    }
    const slab = this.#slabs.slabOf(ref);
    const at = wordOf(ref);
    const replaced = checksumAt(slab.words, at);
    const replacedWords = sizeAt(slab.words, at);
    if (replacedWords === sizeWords) {
      writeValue(slab, at, value, checksum);
      return replaced;
    }
    this.#index.replace(slot, this.#append(sizeWords, value, checksum));
    this.#slabs.discard(ref);
    this.#compaction.advance(sizeWords + replacedWords);
    return replaced;
  }

  /** @returns the checksum of the entry it removed */
  delete(key: string): number | undefined {
    this.#key.write(key);
    return this.#delete();
  }

  /** {@link delete} for a key that is UTF-8 already. */
  deleteByBytes(key: Uint8Array): number | undefined {
    this.#key.writeBytes(key);
    return this.#delete();
  }

  #delete(): number | undefined {
    const slot = this.#slotOfKey();
    const ref = this.#index.refAt(slot);
    if (ref === NONE) return undefined;
    this.#revision++;
    const { words } = this.#slabs.slabOf(ref);
    const at = wordOf(ref);
    const removed = checksumAt(words, at);
    const removedWords = sizeAt(words, at);
    this.#index.remove(slot);
    this.#slabs.discard(ref);
    this.#compaction.advance(removedWords);
    return removed;
  }

  /**
   * All entries, in no useful order; the values are views like those of `get`. The map may change meanwhile: a key
   * that is there from beginning to end is given exactly once, one that comes or goes at most once, each with its
   * value of that moment.
   */
  *entries(): IterableIterator<[string, Buffer]> {
    for (const refs of this.#index.batches()) {
      const found = refs.map((ref) => this.#entryOf(ref));
      const revision = this.#revision;
      for (const entry of found)
        if (this.#revision === revision) yield entry;
        else {
          const value = this.get(entry[0])?.value;
          if (value !== undefined) yield [entry[0], value];
        }
    }
  }

  /**
   * Looks at all entries one after the other: gives the keys of those that are wanted, and undefined for each of the others. The
   * map may change meanwhile, as with {@link entries}; whether an entry is wanted is decided shortly before its turn.
   *
   * @param isWanted by a view into the map, and where {@link keyOf} finds its key; both valid until it returns
   */
  *search(isWanted: (value: Buffer, ref: PackedRef) => boolean): IterableIterator<string | undefined> {
    for (const refs of this.#index.batches()) {
      // All at once: the next change may move them.
      const keys = refs.map((ref) =>
        isWanted(valueAt(this.#slabs.slabOf(ref), wordOf(ref)), ref) ? this.keyOf(ref) : undefined,
      );
      yield* keys;
    }
  }

  /** The key of an entry that is being looked at. */
  keyOf(ref: PackedRef): string {
    return keyAt(this.#slabs.slabOf(ref), wordOf(ref));
  }

  #entryOf(ref: PackedRef): [string, Buffer] {
    const slab = this.#slabs.slabOf(ref);
    const at = wordOf(ref);
    return [keyAt(slab, at), valueAt(slab, at)];
  }

  /** The slot of the key last written, or the free one where it would go. */
  #slotOfKey(): number {
    const { hash } = this.#key;
    for (let slot = this.#index.find(hash); ; slot = this.#index.findNext(hash, slot)) {
      const ref = this.#index.refAt(slot);
      if (ref === NONE || hasKeyAt(this.#slabs.slabOf(ref).words, wordOf(ref), this.#key)) return slot;
    }
  }

  #append(sizeWords: number, value: Buffer, checksum: number): PackedRef {
    const ref = this.#slabs.allot(sizeWords);
    writeEntry(this.#slabs.slabOf(ref), wordOf(ref), this.#key, value, checksum);
    return ref;
  }
}
