import { StreamsError } from '../streams-error.js';
import { makeGarbage, sizeAt } from './packed-entry.js';
import {
  MAX_SLABS,
  MAX_SLAB_BYTES,
  NONE,
  refTo,
  slabNumberOf,
  wordOf,
  type PackedRef,
} from './packed-ref.js';
import { WORD_BYTES, allocateWords, type Words } from './packed-words.js';

/** Memory that entries are appended to. */
export interface Slab extends Words {
  readonly number: number;
  filledWords: number;
  /** Of these, what is not garbage; at 0 the slab is gone. */
  liveWords: number;
}

/** Limits of the slabs; the defaults are what a service uses. */
export interface PackedSlabsOptions {
  /** Bytes of the largest slab, thus of the largest entry. At most, and by default, 16 MiB. */
  readonly slabBytes?: number;
  /** Most slabs at a time. At most, and by default, 1023: 16 GiB with the default slabs. */
  readonly maxSlabs?: number;
}

/** The slabs of a packed map: gives out room for entries, and frees a slab with its last one. */
export class PackedSlabs {
  readonly #maxSlabWords: number;
  readonly #maxSlabs: number;
  /** By number; 0 is none. */
  readonly #slabs: (Slab | undefined)[] = [undefined];
  #slabCount = 0;
  #slabWords = 0;
  /** Of the next slab: half of what is there. A small map stays small, a large one has few slabs. */
  #usualWords: number;
  #filledWords = 0;
  #liveWords = 0;
  /** The slab entries are appended to. */
  #head: Slab | undefined;
  /** Of a slab that is gone, kept for the next one: endless overwriting should not allocate. */
  #spare: Words | undefined;

  constructor({ slabBytes = MAX_SLAB_BYTES, maxSlabs = MAX_SLABS }: PackedSlabsOptions) {
    this.#maxSlabWords = Math.floor(Math.min(slabBytes, MAX_SLAB_BYTES) / WORD_BYTES);
    this.#maxSlabs = Math.min(maxSlabs, MAX_SLABS);
    this.#usualWords = Math.min(this.#maxSlabWords, MIN_SLAB_WORDS);
  }

  get liveWords(): number {
    return this.#liveWords;
  }

  /** Part of what is filled. */
  get garbageShare(): number {
    return this.#filledWords === 0 ? 0 : 1 - this.#liveWords / this.#filledWords;
  }

  get allocatedWords(): number {
    return this.#slabWords + (this.#spare?.words.length ?? 0);
  }

  slabOf(ref: PackedRef): Slab {
    return this.#slabs[slabNumberOf(ref)] as Slab;
  }

  /**
   * @returns a reference to room for an entry
   * @throws StreamsError FATAL when there is none, having changed nothing
   */
  allot(sizeWords: number): PackedRef {
    if (sizeWords > this.#maxSlabWords) throw tooLarge(sizeWords, this.#maxSlabWords);
    // The last slab is for compaction: a map without room to compact in would be full for good.
    const ref = this.#allot(sizeWords, this.#maxSlabs - 1);
    if (ref === NONE) throw full(this.#slabWords);
    return ref;
  }

  /** @returns a reference to room for an entry that is about to leave another slab, NONE when there is none */
  allotForMove(sizeWords: number): PackedRef {
    return this.#allot(sizeWords, this.#maxSlabs);
  }

  /** Makes an entry garbage. */
  discard(ref: PackedRef): void {
    const slab = this.slabOf(ref);
    const at = wordOf(ref);
    const sizeWords = sizeAt(slab.words, at);
    makeGarbage(slab.words, at);
    slab.liveWords -= sizeWords;
    this.#liveWords -= sizeWords;
    if (slab.liveWords === 0) this.#drop(slab);
  }

  /** The slab with most garbage, to be emptied: nothing is appended to it any more. */
  takeWorst(): Slab | undefined {
    let worst: Slab | undefined;
    let mostGarbage = 0;
    for (const slab of this.#slabs) {
      if (slab === undefined) continue;
      const garbage = 1 - slab.liveWords / slab.filledWords;
      if (garbage <= mostGarbage) continue;
      mostGarbage = garbage;
      worst = slab;
    }
    if (this.#head === worst) this.#head = undefined;
    return worst;
  }

  #allot(sizeWords: number, maxSlabs: number): PackedRef {
    const slab = this.#slabFor(sizeWords, maxSlabs);
    if (slab === undefined) return NONE;
    const ref = refTo(slab.number, slab.filledWords);
    slab.filledWords += sizeWords;
    slab.liveWords += sizeWords;
    this.#filledWords += sizeWords;
    this.#liveWords += sizeWords;
    return ref;
  }

  #slabFor(sizeWords: number, maxSlabs: number): Slab | undefined {
    // At the end of a slab, less than the next entry needs is lost: at most an eighth, when entries larger than
    // that get a slab of their own.
    const isLarge = sizeWords > this.#usualWords / 8;
    const head = this.#head;
    if (!isLarge && head !== undefined && head.filledWords + sizeWords <= head.words.length) return head;
    if (this.#slabCount >= maxSlabs) return undefined;
    if (isLarge) return this.#add(sizeWords);
    this.#head = this.#add(this.#usualWords);
    return this.#head;
  }

  #add(sizeWords: number): Slab {
    const spare = this.#spare?.words.length === sizeWords ? this.#spare : undefined;
    if (spare !== undefined) this.#spare = undefined;
    const { bytes, words } = spare ?? allocateWords(sizeWords);
    const unused = this.#slabs.indexOf(undefined, 1);
    const number = unused === -1 ? this.#slabs.length : unused;
    const slab: Slab = { number, bytes, words, filledWords: 0, liveWords: 0 };
    this.#slabs[number] = slab;
    this.#count(1, sizeWords);
    return slab;
  }

  #drop({ number, bytes, words, filledWords }: Slab): void {
    if (this.#head?.number === number) this.#head = undefined;
    this.#slabs[number] = undefined;
    this.#filledWords -= filledWords;
    this.#count(-1, -words.length);
    if (words.length === this.#usualWords) this.#spare = { bytes, words };
    else if (this.#spare?.words.length !== this.#usualWords) this.#spare = undefined;
  }

  #count(slabs: number, words: number): void {
    this.#slabCount += slabs;
    this.#slabWords += words;
    const half = Math.floor(this.#slabWords / 2);
    this.#usualWords = Math.min(this.#maxSlabWords, Math.max(MIN_SLAB_WORDS, half));
  }
}

const MIN_SLAB_WORDS = 1024;

const tooLarge = (sizeWords: number, maxWords: number): StreamsError =>
  new StreamsError(
    'FATAL',
    `An entry of ${sizeWords * WORD_BYTES} bytes does not fit in a packed map: at most ${maxWords * WORD_BYTES}`,
  );

const full = (slabWords: number): StreamsError =>
  new StreamsError('FATAL', `A packed map is full: it holds ${slabWords * WORD_BYTES} bytes`);
