import { type KeyHash } from './key-hash.js';
import { hashAt, isGarbage, sizeAt } from './packed-entry.js';
import { type PackedIndex } from './packed-index.js';
import { NONE, refTo, wordOf, type PackedRef } from './packed-ref.js';
import { type Slab, type PackedSlabs } from './packed-slabs.js';
import { WORD_BYTES } from './packed-words.js';

/**
 * Keeps garbage at about a third of what is filled: empties the slab with most of it into others, until its last entry
 * has left and it is dropped. It goes on with every change of the map, a few entries at a time.
 */
export class PackedCompaction {
  readonly #slabs: PackedSlabs;
  readonly #index: PackedIndex;
  readonly #hashOf: KeyHash;
  /** The slab being emptied, the next of its entries to look at, and how many words may be looked at now. */
  #victim: Slab | undefined;
  #victimNext = 0;
  #credit = 0;

  constructor(slabs: PackedSlabs, index: PackedIndex, hashOf: KeyHash) {
    this.#slabs = slabs;
    this.#index = index;
    this.#hashOf = hashOf;
  }

  /** To be called after each change, with the words it wrote or freed: four times as many are looked at. */
  advance(changedWords: number): void {
    this.#credit += changedWords * PACE;
    while (this.#credit > 0) {
      const victim = this.#currentVictim();
      if (victim === undefined || !this.#emptyNext(victim)) this.#credit = 0;
    }
  }

  #currentVictim(): Slab | undefined {
    if (this.#victim !== undefined && this.#victim.liveWords > 0) return this.#victim;
    this.#victim = this.#slabs.garbageShare > MAX_GARBAGE ? this.#slabs.takeWorst() : undefined;
    this.#victimNext = 0;
    return this.#victim;
  }

  /** The victim's next entry. @returns whether there was room to move it to; later deletions will make some */
  #emptyNext(victim: Slab): boolean {
    const at = this.#victimNext;
    const sizeWords = sizeAt(victim.words, at);
    this.#credit -= sizeWords;
    if (!isGarbage(victim.words, at) && !this.#move(refTo(victim.number, at), sizeWords)) return false;
    this.#victimNext = at + sizeWords;
    return true;
  }

  /** @returns whether there was room */
  #move(from: PackedRef, sizeWords: number): boolean {
    const to = this.#slabs.allotForMove(sizeWords);
    if (to === NONE) return false;
    const source = this.#slabs.slabOf(from);
    const target = this.#slabs.slabOf(to);
    const at = wordOf(from);
    source.bytes.copy(target.bytes, wordOf(to) * WORD_BYTES, at * WORD_BYTES, (at + sizeWords) * WORD_BYTES);
    this.#index.replace(this.#slotOf(from, hashAt(source.words, at, this.#hashOf)), to);
    this.#slabs.discard(from);
    return true;
  }

  #slotOf(ref: PackedRef, hash: number): number {
    let slot = this.#index.find(hash);
    while (this.#index.refAt(slot) !== ref) slot = this.#index.findNext(hash, slot);
    return slot;
  }
}

const MAX_GARBAGE = 1 / 3;
/** A slab that is a quarter garbage frees as much as is written while it is emptied. */
const PACE = 4;
