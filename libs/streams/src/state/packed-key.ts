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
    const mostWords = wordsOf(key.length * MAX_BYTES_PER_CHARACTER) + 1;
    if (mostWords > this.#memory.words.length) this.#memory = allocateWords(mostWords);
    const { bytes, words } = this.#memory;
    // A call into the runtime costs more than a short loop.
    let length = key.length <= SHORT_KEY ? writeAscii(bytes, key) : 0;
    if (length < key.length) length = bytes.write(key);
    bytes[length] = 0;
    bytes[length + 1] = 0;
    bytes[length + 2] = 0;
    this.#byteLength = length;
    this.#hash = this.#hashOf(words, 0, length);
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
