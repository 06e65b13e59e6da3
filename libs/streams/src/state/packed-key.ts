import { type KeyHash } from './key-hash.js';
import { allocateWords, wordsOf, type Words } from './packed-words.js';

/**
 * The key a packed map is asked for, as UTF-8 in words: one at a time, in memory that is used again. The last word is
 * filled up with zeros, so that keys are hashed, compared and copied by word.
 */
export class PackedKey {
  readonly #hashOf: KeyHash;
  #memory: Words = allocateWords(FIRST_WORDS);
  #byteLength = 0;
  #hash = 0;

  constructor(hashOf: KeyHash) {
    this.#hashOf = hashOf;
  }

  get words(): Int32Array {
    return this.#memory.words;
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  get hash(): number {
    return this.#hash;
  }

  write(key: string): void {
    this.#makeRoom(key.length * MAX_BYTES_PER_CHARACTER);
    const { bytes } = this.#memory;
    // A call into the runtime costs more than a short loop.
    let length = key.length <= SHORT_KEY ? writeAscii(bytes, key) : 0;
    if (length < key.length) length = bytes.write(key);
    this.#finish(length);
  }

  /** @param key as UTF-8 */
  writeBytes(key: Uint8Array): void {
    this.#makeRoom(key.length);
    const { bytes } = this.#memory;
    for (let at = 0; at < key.length; at++) bytes[at] = key[at] ?? 0;
    this.#finish(key.length);
  }

  #makeRoom(byteLength: number): void {
    const words = wordsOf(byteLength) + 1;
    if (words > this.#memory.words.length) this.#memory = allocateWords(words);
  }

  #finish(byteLength: number): void {
    const { bytes, words } = this.#memory;
    bytes[byteLength] = 0;
    bytes[byteLength + 1] = 0;
    bytes[byteLength + 2] = 0;
    this.#byteLength = byteLength;
    this.#hash = this.#hashOf(words, 0, byteLength);
  }
}

const FIRST_WORDS = 64;
const MAX_BYTES_PER_CHARACTER = 3;
const SHORT_KEY = 64;

/** @returns how many characters it wrote: all before the first that is not ASCII */
const writeAscii = (bytes: Buffer, key: string): number => {
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    if (code > 0x7f) return at;
    bytes[at] = code;
  }
  return key.length;
};
