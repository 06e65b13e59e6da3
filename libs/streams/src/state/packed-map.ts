import { StreamsError } from '../streams-error.js';

/** What a PackedMap keeps of a key. */
export interface PackedEntry {
  /** A view into the map, valid until its next change: copy what is kept. */
  readonly value: Buffer;
  /** As given to `set`: an unsigned 32-bit number. */
  readonly checksum: number;
}

/** Hash of the `byteLength` bytes that begin at word `start`; the last word is filled up with zeros. */
export type KeyHash = (words: Int32Array, start: number, byteLength: number) => number;

/** Limits of a map; the defaults are what a service uses. */
export interface PackedMapOptions {
  /** Default: MurmurHash3. Its high bits must be good ones. */
  readonly hash?: KeyHash;
  /** Bytes of the largest slab, thus of the largest entry. At most, and by default, 16 MiB. */
  readonly slabBytes?: number;
  /** Most slabs at a time. At most, and by default, 1023: 16 GiB with the default slabs. */
  readonly maxSlabs?: number;
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
 * thrown by `set` before it changes anything.
 */
export class PackedMap {
  readonly #hash: KeyHash;
  readonly #maxSlabWords: number;
  readonly #maxSlabs: number;
  /** The key being looked up. */
  #scratch = slabOf(SCRATCH_WORDS);
  /** By slab number; 0 is none, so that no reference is 0. */
  #slabs: (Slab | undefined)[] = [undefined];
  #slabCount = 0;
  #slabWords = 0;
  /** An empty slab kept for the next one needed: endless overwriting should not allocate. */
  #spare: Slab | undefined;
  /** The slab entries are appended to. */
  #head = NONE;
  /** The slab being emptied, the next of its entries to look at, and how much of it may be looked at now. */
  #victim = NONE;
  #victimNext = 0;
  #credit = 0;
  #filledWords = 0;
  #liveWords = 0;
  #size = 0;
  /** Counts changes: the views of an iteration are as old as its last look. */
  #revision = 0;
  /**
   * Hash and reference of slot n at 2n and 2n + 1; reference NONE is a free slot. The home of a key is the high bits
   * of its hash, so the table is nearly sorted, and rebuilding it reads and writes memory in order.
   */
  #index = new Int32Array(2 << MIN_INDEX_BITS);
  #indexBits = MIN_INDEX_BITS;

  constructor({ hash = murmur3, slabBytes = MAX_SLAB_BYTES, maxSlabs = MAX_SLABS }: PackedMapOptions = {}) {
    this.#hash = hash;
    this.#maxSlabWords = Math.floor(Math.min(slabBytes, MAX_SLAB_BYTES) / WORD_BYTES);
    this.#maxSlabs = Math.min(maxSlabs, MAX_SLABS);
  }

  /** Number of keys. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of the live entries: keys, values, headers, padding. */
  get usedBytes(): number {
    return this.#liveWords * WORD_BYTES;
  }

  /** Bytes of everything held: slabs and index. */
  get allocatedBytes(): number {
    const slabWords = this.#slabWords + (this.#spare?.words.length ?? 0) + this.#scratch.words.length;
    return (slabWords + this.#index.length) * WORD_BYTES;
  }

  get(key: string): PackedEntry | undefined {
    const ref = this.#refAt(this.#slotOf(key));
    if (ref === NONE) return undefined;
    const slab = this.#slabOf(ref);
    const at = wordOf(ref);
    return { value: valueAt(slab, at), checksum: checksumAt(slab.words, at) };
  }

  has(key: string): boolean {
    return this.#refAt(this.#slotOf(key)) !== NONE;
  }

  /** @returns the checksum of the entry it replaced */
  set(key: string, value: Buffer, checksum: number): number | undefined {
    this.#revision++;
    const keyLength = this.#encode(key);
    const sizeWords = entryWords(keyLength, value.length);
    if (sizeWords > this.#maxSlabWords) throw tooLarge(sizeWords, this.#maxSlabWords);
    const hash = this.#hash(this.#scratch.words, 0, keyLength) | 0;
    const slot = this.#slotOfEncoded(hash, keyLength);
    const ref = this.#refAt(slot);
    if (ref === NONE) {
      this.#makeRoomInIndex();
      const added = this.#append(keyLength, value, checksum);
      this.#fillSlot(hash, added);
      this.#size++;
      this.#compact(sizeWords);
      return undefined;
    }
    const { words, bytes } = this.#slabOf(ref);
    const at = wordOf(ref);
    const replaced = checksumAt(words, at);
    const replacedWords = sizeAt(words, at);
    if (replacedWords === sizeWords) {
      bytes.set(value, valueStart(words, at));
      words[at + VALUE_LENGTH] = value.length;
      words[at + CHECKSUM] = checksum;
      return replaced;
    }
    this.#index[2 * slot + 1] = this.#append(keyLength, value, checksum);
    this.#discard(ref);
    this.#compact(sizeWords + replacedWords);
    return replaced;
  }

  /** @returns the checksum of the entry it removed */
  delete(key: string): number | undefined {
    const slot = this.#slotOf(key);
    const ref = this.#refAt(slot);
    if (ref === NONE) return undefined;
    this.#revision++;
    const { words } = this.#slabOf(ref);
    const at = wordOf(ref);
    const removed = checksumAt(words, at);
    const removedWords = sizeAt(words, at);
    this.#freeSlot(slot);
    this.#size--;
    this.#discard(ref);
    if (this.#size < this.#capacity * MIN_LOAD && this.#indexBits > MIN_INDEX_BITS)
      this.#rebuildIndex(this.#indexBits - 1);
    this.#compact(removedWords);
    return removed;
  }

  /**
   * All entries, in no useful order; the values are views like those of `get`. The map may change meanwhile: a key
   * that is there from beginning to end is given exactly once, one that comes or goes at most once, each with its
   * value of that moment.
   */
  *entries(): IterableIterator<[string, Buffer]> {
    const rangeBits = this.#indexBits - 3;
    const ranges = 1 << rangeBits;
    const rangeShift = 32 - rangeBits;
    // Ranges of hashes rather than slots, which move. Neighbouring ranges are far apart in time (the golden ratio,
    // made odd, visits each once): given in the order of their hashes, keys would pile up in one corner of a growing
    // map that somebody fills with them, and each insertion would walk the pile.
    const stride = Math.floor(ranges * 0.618034) | 1;
    for (let visited = 0, range = 0; visited < ranges; visited++, range = (range + stride) & (ranges - 1)) {
      const found = this.#rangeEntries(range, rangeShift);
      const revision = this.#revision;
      for (const entry of found)
        if (this.#revision === revision) yield entry;
        else {
          const value = this.get(entry[0])?.value;
          if (value !== undefined) yield [entry[0], value];
        }
    }
  }

  clear(): void {
    this.#revision++;
    this.#scratch = slabOf(SCRATCH_WORDS);
    this.#slabs = [undefined];
    this.#slabCount = 0;
    this.#slabWords = 0;
    this.#spare = undefined;
    this.#head = NONE;
    this.#victim = NONE;
    this.#filledWords = 0;
    this.#liveWords = 0;
    this.#size = 0;
    this.#index = new Int32Array(2 << MIN_INDEX_BITS);
    this.#indexBits = MIN_INDEX_BITS;
  }

  // ---- the key

  /** Writes the key to the scratch, filled up to a word with zeros. @returns its bytes */
  #encode(key: string): number {
    const mostWords = wordsOf(key.length * MAX_BYTES_PER_CHARACTER) + 1;
    if (mostWords > this.#scratch.words.length) this.#scratch = slabOf(mostWords);
    const { bytes } = this.#scratch;
    // A call into the runtime costs more than a short loop.
    let length = key.length <= SHORT_KEY ? writeAscii(bytes, key) : 0;
    if (length < key.length) length = bytes.write(key);
    bytes[length] = 0;
    bytes[length + 1] = 0;
    bytes[length + 2] = 0;
    return length;
  }

  #holdsScratch(ref: number, keyLength: number): boolean {
    const { words } = this.#slabOf(ref);
    const at = wordOf(ref);
    if (wordAt(words, at) !== keyLength) return false;
    const key = this.#scratch.words;
    for (let n = wordsOf(keyLength) - 1; n >= 0; n--)
      if (words[at + HEADER_WORDS + n] !== key[n]) return false;
    return true;
  }

  // ---- the index

  get #capacity(): number {
    return 1 << this.#indexBits;
  }

  #refAt(slot: number): number {
    return wordAt(this.#index, 2 * slot + 1);
  }

  /** The slot of the key, or the free one where it would go. */
  #slotOf(key: string): number {
    const keyLength = this.#encode(key);
    return this.#slotOfEncoded(this.#hash(this.#scratch.words, 0, keyLength) | 0, keyLength);
  }

  #slotOfEncoded(hash: number, keyLength: number): number {
    const index = this.#index;
    const mask = this.#capacity - 1;
    let slot = hash >>> (32 - this.#indexBits);
    for (;;) {
      const ref = wordAt(index, 2 * slot + 1);
      if (ref === NONE || (index[2 * slot] === hash && this.#holdsScratch(ref, keyLength))) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #fillSlot(hash: number, ref: number): void {
    const index = this.#index;
    const mask = this.#capacity - 1;
    let slot = hash >>> (32 - this.#indexBits);
    while (index[2 * slot + 1] !== NONE) slot = (slot + 1) & mask;
    index[2 * slot] = hash;
    index[2 * slot + 1] = ref;
  }

  /** Moves later keys up, so that a probe still ends at the first free slot. */
  #freeSlot(slot: number): void {
    const index = this.#index;
    const mask = this.#capacity - 1;
    let hole = slot;
    for (let next = (slot + 1) & mask; this.#refAt(next) !== NONE; next = (next + 1) & mask) {
      const hash = wordAt(index, 2 * next);
      const fromHome = (next - (hash >>> (32 - this.#indexBits))) & mask;
      if (fromHome < ((next - hole) & mask)) continue;
      index[2 * hole] = hash;
      index[2 * hole + 1] = this.#refAt(next);
      hole = next;
    }
    index[2 * hole + 1] = NONE;
  }

  #makeRoomInIndex(): void {
    if (this.#size < Math.floor(this.#capacity * MAX_LOAD)) return;
    if (this.#indexBits === MAX_INDEX_BITS) throw full(`${this.#size} keys`);
    this.#rebuildIndex(this.#indexBits + 1);
  }

  #rebuildIndex(bits: number): void {
    const old = this.#index;
    this.#index = new Int32Array(2 * 2 ** bits);
    this.#indexBits = bits;
    for (let at = 0; at < old.length; at += 2) {
      const ref = wordAt(old, at + 1);
      if (ref !== NONE) this.#fillSlot(wordAt(old, at), ref);
    }
  }

  /** Entries whose hashes begin with the bits of `range`, wherever a growing index has them by now. */
  #rangeEntries(range: number, rangeShift: number): [string, Buffer][] {
    const found: [string, Buffer][] = [];
    const mask = this.#capacity - 1;
    const shift = 32 - this.#indexBits;
    const firstHash = (range << rangeShift) >>> 0;
    const firstHome = firstHash >>> shift;
    const lastHome = (firstHash + (2 ** rangeShift - 1)) >>> shift;
    // A key stands between its home and the next free slot.
    for (let at = firstHome; ; at++) {
      const slot = at & mask;
      const ref = this.#refAt(slot);
      if (ref === NONE && at >= lastHome) return found;
      if (ref === NONE || wordAt(this.#index, 2 * slot) >>> rangeShift !== range) continue;
      const slab = this.#slabOf(ref);
      found.push([keyAt(slab, wordOf(ref)), valueAt(slab, wordOf(ref))]);
    }
  }

  // ---- the slabs

  #slabOf(ref: number): Slab {
    return this.#slabs[ref >>> OFFSET_BITS] as Slab;
  }

  /** Appends an entry with the key of the scratch. @returns its reference */
  #append(keyLength: number, value: Buffer, checksum: number): number {
    // The last slab is for compaction: a map without room to compact in would be full for good.
    const ref = this.#allot(entryWords(keyLength, value.length), this.#maxSlabs - 1);
    if (ref === NONE) throw full(`${this.#slabWords * WORD_BYTES} bytes`);
    const { words, bytes } = this.#slabOf(ref);
    const at = wordOf(ref);
    words[at] = keyLength;
    words[at + VALUE_LENGTH] = value.length;
    words[at + CHECKSUM] = checksum;
    const key = this.#scratch.words;
    for (let n = wordsOf(keyLength) - 1; n >= 0; n--) words[at + HEADER_WORDS + n] = wordAt(key, n);
    bytes.set(value, valueStart(words, at));
    return ref;
  }

  /** @returns a reference to room for an entry, NONE when that takes more than `maxSlabs` */
  #allot(sizeWords: number, maxSlabs: number): number {
    const usualWords = this.#usualSlabWords();
    // At the end of a slab, less than the next entry needs is lost: at most an eighth, when entries larger than
    // that get a slab of their own.
    const isLarge = sizeWords > usualWords / 8;
    let number = this.#head;
    const head = this.#slabs[number];
    if (isLarge || head === undefined || head.filledWords + sizeWords > head.words.length) {
      if (this.#slabCount >= maxSlabs) return NONE;
      number = this.#addSlab(isLarge ? sizeWords : usualWords);
      if (!isLarge) this.#head = number;
    }
    const slab = this.#slabs[number] as Slab;
    const ref = (number << OFFSET_BITS) | slab.filledWords;
    slab.filledWords += sizeWords;
    slab.liveWords += sizeWords;
    this.#filledWords += sizeWords;
    this.#liveWords += sizeWords;
    return ref;
  }

  /** Half of what is there already: a small map stays small, a large one has few slabs. */
  #usualSlabWords(): number {
    const half = Math.floor(this.#slabWords / 2);
    return Math.min(this.#maxSlabWords, Math.max(MIN_SLAB_WORDS, half));
  }

  #addSlab(sizeWords: number): number {
    const spare = this.#spare?.words.length === sizeWords ? this.#spare : undefined;
    const slab = spare ?? slabOf(sizeWords);
    if (spare !== undefined) this.#spare = undefined;
    const unused = this.#slabs.indexOf(undefined, 1);
    const number = unused === -1 ? this.#slabs.length : unused;
    this.#slabs[number] = slab;
    this.#slabCount++;
    this.#slabWords += sizeWords;
    return number;
  }

  #dropSlab(number: number): void {
    const slab = this.#slabs[number] as Slab;
    this.#slabs[number] = undefined;
    this.#slabCount--;
    this.#slabWords -= slab.words.length;
    this.#filledWords -= slab.filledWords;
    slab.filledWords = 0;
    const usualWords = this.#usualSlabWords();
    if (slab.words.length === usualWords) this.#spare = slab;
    else if (this.#spare?.words.length !== usualWords) this.#spare = undefined;
    if (this.#head === number) this.#head = NONE;
    if (this.#victim === number) this.#victim = NONE;
  }

  /** Makes an entry garbage. */
  #discard(ref: number): void {
    const slab = this.#slabOf(ref);
    const at = wordOf(ref);
    const sizeWords = sizeAt(slab.words, at);
    slab.words[at] = ~wordAt(slab.words, at);
    slab.liveWords -= sizeWords;
    this.#liveWords -= sizeWords;
    if (slab.liveWords === 0) this.#dropSlab(ref >>> OFFSET_BITS);
  }

  // ---- compaction

  #compact(changedWords: number): void {
    this.#credit += changedWords * COMPACTION_PACE;
    while (this.#credit > 0)
      if ((this.#victim === NONE && !this.#chooseVictim()) || !this.#compactEntry()) this.#credit = 0;
  }

  /** @returns whether there is a slab worth emptying */
  #chooseVictim(): boolean {
    if ((this.#filledWords - this.#liveWords) * 3 <= this.#filledWords) return false;
    let mostGarbage = 1 / COMPACTION_PACE;
    this.#slabs.forEach((slab, number) => {
      if (slab === undefined) return;
      const garbage = 1 - slab.liveWords / slab.filledWords;
      if (garbage <= mostGarbage) return;
      mostGarbage = garbage;
      this.#victim = number;
    });
    this.#victimNext = 0;
    if (this.#head === this.#victim) this.#head = NONE;
    return this.#victim !== NONE;
  }

  /** The victim's next entry. @returns whether there was room to move it to; later deletions will make some */
  #compactEntry(): boolean {
    const { words } = this.#slabs[this.#victim] as Slab;
    const at = this.#victimNext;
    const sizeWords = sizeAt(words, at);
    this.#credit -= sizeWords;
    if (wordAt(words, at) >= 0 && !this.#move((this.#victim << OFFSET_BITS) | at, sizeWords)) return false;
    this.#victimNext = at + sizeWords;
    return true;
  }

  /** @returns whether there was room */
  #move(from: number, sizeWords: number): boolean {
    const to = this.#allot(sizeWords, this.#maxSlabs);
    if (to === NONE) return false;
    const source = this.#slabOf(from);
    const target = this.#slabOf(to);
    const at = wordOf(from);
    source.bytes.copy(target.bytes, wordOf(to) * WORD_BYTES, at * WORD_BYTES, (at + sizeWords) * WORD_BYTES);
    const hash = this.#hash(source.words, at + HEADER_WORDS, wordAt(source.words, at)) | 0;
    let slot = hash >>> (32 - this.#indexBits);
    while (this.#refAt(slot) !== from) slot = (slot + 1) & (this.#capacity - 1);
    this.#index[2 * slot + 1] = to;
    this.#discard(from);
    return true;
  }
}

/**
 * A buffer that entries are appended to. An entry is three words of header (key length, value length, checksum), the
 * key and the value, each filled up to a word: keys are hashed and compared by word. The key length of garbage is
 * inverted, thus negative.
 */
interface Slab {
  readonly bytes: Buffer;
  readonly words: Int32Array;
  filledWords: number;
  liveWords: number;
}

const WORD_BYTES = 4;
const VALUE_LENGTH = 1;
const CHECKSUM = 2;
const HEADER_WORDS = 3;
/** A reference is the number of a slab and an offset in words: 10 and 22 bits. */
const OFFSET_BITS = 22;
const OFFSET_MASK = 2 ** OFFSET_BITS - 1;
const NONE = 0;
const MAX_SLAB_BYTES = 2 ** OFFSET_BITS * WORD_BYTES;
const MAX_SLABS = 2 ** (32 - OFFSET_BITS) - 1;
const MIN_SLAB_WORDS = 1024;
const SCRATCH_WORDS = 64;
const MAX_BYTES_PER_CHARACTER = 3;
const SHORT_KEY = 64;
const MIN_INDEX_BITS = 4;
const MAX_INDEX_BITS = 30;
const MAX_LOAD = 0.7;
const MIN_LOAD = MAX_LOAD / 4;
/** A slab that is a quarter garbage frees as much as is written while it is emptied. */
const COMPACTION_PACE = 4;

const slabOf = (sizeWords: number): Slab => {
  const bytes = Buffer.allocUnsafeSlow(sizeWords * WORD_BYTES);
  return { bytes, words: new Int32Array(bytes.buffer), filledWords: 0, liveWords: 0 };
};

/** @returns how many characters it wrote: all before the first that is not ASCII */
const writeAscii = (bytes: Buffer, key: string): number => {
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    if (code > 0x7f) return at;
    bytes[at] = code;
  }
  return key.length;
};

const wordsOf = (byteLength: number): number => (byteLength + 3) >>> 2;

const wordAt = (words: Int32Array, at: number): number => words[at] ?? 0;

const wordOf = (ref: number): number => ref & OFFSET_MASK;

const entryWords = (keyLength: number, valueLength: number): number =>
  HEADER_WORDS + wordsOf(keyLength) + wordsOf(valueLength);

const sizeAt = (words: Int32Array, at: number): number => {
  const keyLength = wordAt(words, at);
  return entryWords(keyLength < 0 ? ~keyLength : keyLength, wordAt(words, at + VALUE_LENGTH));
};

const checksumAt = (words: Int32Array, at: number): number => wordAt(words, at + CHECKSUM) >>> 0;

const valueStart = (words: Int32Array, at: number): number =>
  (at + HEADER_WORDS + wordsOf(wordAt(words, at))) * WORD_BYTES;

const valueAt = ({ bytes, words }: Slab, at: number): Buffer => {
  const start = valueStart(words, at);
  return bytes.subarray(start, start + wordAt(words, at + VALUE_LENGTH));
};

const keyAt = ({ bytes, words }: Slab, at: number): string => {
  const start = (at + HEADER_WORDS) * WORD_BYTES;
  return bytes.toString('utf8', start, start + wordAt(words, at));
};

/** MurmurHash3 (32 bit) by whole words, seeded with the length because of the zeros at the end. */
const murmur3: KeyHash = (words, start, byteLength) => {
  let hash = byteLength;
  const end = start + wordsOf(byteLength);
  for (let at = start; at < end; at++) {
    const mixed = Math.imul(wordAt(words, at), 0xcc9e2d51);
    hash ^= Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};

const tooLarge = (sizeWords: number, maxWords: number): StreamsError =>
  new StreamsError(
    'FATAL',
    `An entry of ${sizeWords * WORD_BYTES} bytes does not fit in a packed map: at most ${maxWords * WORD_BYTES}`,
  );

const full = (held: string): StreamsError =>
  new StreamsError('FATAL', `A packed map is full: it holds ${held}`);
