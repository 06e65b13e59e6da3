import { StreamsError } from '../streams-error.js';
import { NONE, type PackedRef } from './packed-ref.js';
import { wordAt } from './packed-words.js';

/**
 * Finds the entries of a packed map by the hashes of their keys: an open-addressing table with linear probing. Which
 * of those with one hash is the right one is for the map to say.
 */
export class PackedIndex {
  /**
   * Hash and reference of slot n at 2n and 2n + 1; reference NONE is a free slot. The home of a key is the high bits
   * of its hash, so the table is nearly sorted, and rebuilding it reads and writes memory in order.
   */
  #table = new Int32Array(2 << MIN_BITS);
  #bits = MIN_BITS;
  #size = 0;

  /** Number of references. */
  get size(): number {
    return this.#size;
  }

  get words(): number {
    return this.#table.length;
  }

  refAt(slot: number): PackedRef {
    return wordAt(this.#table, 2 * slot + 1);
  }

  /** The first slot with this hash, or the free one where it would go. */
  find(hash: number): number {
    return this.#probe(hash, this.#homeOf(hash));
  }

  /** The next slot with this hash after one that {@link find} gave, or the free one where it would go. */
  findNext(hash: number, slot: number): number {
    return this.#probe(hash, (slot + 1) & this.#mask);
  }

  /**
   * Before each {@link insert}.
   *
   * @throws StreamsError FATAL when there is none, having changed nothing
   */
  makeRoom(): void {
    if (this.#size < Math.floor(this.#capacity * MAX_LOAD)) return;
    if (this.#bits === MAX_BITS)
      throw new StreamsError('FATAL', `A packed map is full: it holds ${this.#size} keys`);
    this.#rebuild(this.#bits + 1);
  }

  insert(hash: number, ref: PackedRef): void {
    this.#fill(hash, ref);
    this.#size++;
  }

  /** The entry of this slot is somewhere else now. */
  replace(slot: number, ref: PackedRef): void {
    this.#table[2 * slot + 1] = ref;
  }

  remove(slot: number): void {
    this.#free(slot);
    this.#size--;
    if (this.#size < this.#capacity * MIN_LOAD && this.#bits > MIN_BITS) this.#rebuild(this.#bits - 1);
  }

  /**
   * All references, some at a time; the index may change meanwhile. Those of a key that is there from beginning to end
   * are given exactly once, of one that comes or goes at most once.
   */
  *batches(): IterableIterator<PackedRef[]> {
    const rangeBits = this.#bits - 3;
    const ranges = 1 << rangeBits;
    // Ranges of hashes rather than slots, which move. Neighbouring ranges are far apart in time (the golden ratio,
    // made odd, visits each once): given in the order of their hashes, keys would pile up in one corner of a growing
    // map that somebody fills with them, and each insertion would walk the pile.
    const stride = Math.floor(ranges * 0.618034) | 1;
    for (let visited = 0, range = 0; visited < ranges; visited++, range = (range + stride) & (ranges - 1))
      yield this.#refsOf(range, 32 - rangeBits);
  }

  get #capacity(): number {
    return 1 << this.#bits;
  }

  get #mask(): number {
    return this.#capacity - 1;
  }

  #homeOf(hash: number): number {
    return hash >>> (32 - this.#bits);
  }

  #probe(hash: number, from: number): number {
    const table = this.#table;
    const mask = this.#mask;
    let slot = from;
    while (table[2 * slot + 1] !== NONE && table[2 * slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #fill(hash: number, ref: PackedRef): void {
    const table = this.#table;
    const mask = this.#mask;
    let slot = this.#homeOf(hash);
    while (table[2 * slot + 1] !== NONE) slot = (slot + 1) & mask;
    table[2 * slot] = hash;
    table[2 * slot + 1] = ref;
  }

  /** Moves later keys up, so that a probe still ends at the first free slot. */
  #free(slot: number): void {
    const table = this.#table;
    const mask = this.#mask;
    let hole = slot;
    for (let next = (slot + 1) & mask; this.refAt(next) !== NONE; next = (next + 1) & mask) {
      const hash = wordAt(table, 2 * next);
      const fromHome = (next - this.#homeOf(hash)) & mask;
      if (fromHome < ((next - hole) & mask)) continue;
      table[2 * hole] = hash;
      table[2 * hole + 1] = this.refAt(next);
      hole = next;
    }
    table[2 * hole + 1] = NONE;
  }

  #rebuild(bits: number): void {
    const old = this.#table;
    this.#table = new Int32Array(2 * 2 ** bits);
    this.#bits = bits;
    for (let at = 0; at < old.length; at += 2) {
      const ref = wordAt(old, at + 1);
      if (ref !== NONE) this.#fill(wordAt(old, at), ref);
    }
  }

  /** Of hashes that begin with the bits of `range`, wherever a growing index has them by now. */
  #refsOf(range: number, rangeShift: number): PackedRef[] {
    const found: PackedRef[] = [];
    const mask = this.#mask;
    const firstHash = (range << rangeShift) >>> 0;
    const firstHome = this.#homeOf(firstHash);
    const lastHome = this.#homeOf(firstHash + (2 ** rangeShift - 1));
    // A key stands between its home and the next free slot.
    for (let at = firstHome; ; at++) {
      const slot = at & mask;
      const ref = this.refAt(slot);
      if (ref === NONE && at >= lastHome) return found;
      if (ref !== NONE && wordAt(this.#table, 2 * slot) >>> rangeShift === range) found.push(ref);
    }
  }
}

const MIN_BITS = 4;
const MAX_BITS = 30;
const MAX_LOAD = 0.7;
const MIN_LOAD = MAX_LOAD / 4;
