import { type KeyHash } from './key-hash.js';
import { type PackedKey } from './packed-key.js';
import { WORD_BYTES, wordAt, wordsOf, type Words } from './packed-words.js';

/**
 * How an entry lies in a slab, from word `at`: three words of header (key length, value length, checksum), the key and
 * the value, each filled up to a word. The key length of garbage is inverted, thus negative: a walk over a slab still
 * knows how far it is to the next entry.
 */
const VALUE_LENGTH = 1;
const CHECKSUM = 2;
const HEADER_WORDS = 3;

export const entryWords = (keyLength: number, valueLength: number): number =>
  HEADER_WORDS + wordsOf(keyLength) + wordsOf(valueLength);

export const writeEntry = (
  slab: Words,
  at: number,
  key: PackedKey,
  value: Buffer,
  checksum: number,
): void => {
  const { words } = slab;
  const { words: keyWords, byteLength } = key;
  words[at] = byteLength;
  for (let n = wordsOf(byteLength) - 1; n >= 0; n--) words[at + HEADER_WORDS + n] = wordAt(keyWords, n);
  writeValue(slab, at, value, checksum);
};

/** Gives an entry another value that fills as many words. */
export const writeValue = ({ bytes, words }: Words, at: number, value: Buffer, checksum: number): void => {
  words[at + VALUE_LENGTH] = value.length;
  words[at + CHECKSUM] = checksum;
  bytes.set(value, valueStart(words, at));
};

/** Words of an entry or of garbage. */
export const sizeAt = (words: Int32Array, at: number): number => {
  const keyLength = wordAt(words, at);
  return entryWords(keyLength < 0 ? ~keyLength : keyLength, wordAt(words, at + VALUE_LENGTH));
};

export const hasKeyAt = (words: Int32Array, at: number, key: PackedKey): boolean => {
  const { words: keyWords, byteLength } = key;
  if (wordAt(words, at) !== byteLength) return false;
  for (let n = wordsOf(byteLength) - 1; n >= 0; n--)
    if (words[at + HEADER_WORDS + n] !== keyWords[n]) return false;
  return true;
};

export const hashAt = (words: Int32Array, at: number, hashOf: KeyHash): number =>
  hashOf(words, at + HEADER_WORDS, wordAt(words, at));

export const keyAt = ({ bytes, words }: Words, at: number): string => {
  const start = (at + HEADER_WORDS) * WORD_BYTES;
  return bytes.toString('utf8', start, start + wordAt(words, at));
};

export const checksumAt = (words: Int32Array, at: number): number => wordAt(words, at + CHECKSUM) >>> 0;

/** A view, not a copy. */
export const valueAt = ({ bytes, words }: Words, at: number): Buffer => {
  const start = valueStart(words, at);
  return bytes.subarray(start, start + wordAt(words, at + VALUE_LENGTH));
};

export const makeGarbage = (words: Int32Array, at: number): void => {
  words[at] = ~wordAt(words, at);
};

export const isGarbage = (words: Int32Array, at: number): boolean => wordAt(words, at) < 0;

const valueStart = (words: Int32Array, at: number): number =>
  (at + HEADER_WORDS + wordsOf(wordAt(words, at))) * WORD_BYTES;
