import { wordAt, wordsOf } from './packed-words.js';

/**
 * Hash of the `byteLength` bytes that begin at word `start`, as a signed number of 32 bits; the last word is filled up
 * with zeros. The high bits must be good ones.
 */
export type KeyHash = (words: Int32Array, start: number, byteLength: number) => number;

/** MurmurHash3 (32 bit) by whole words, seeded with the length because of the zeros at the end. */
export const murmur3: KeyHash = (words, start, byteLength) => {
  let hash = byteLength;
  const end = start + wordsOf(byteLength);
  for (let at = start; at < end; at++) {
    const mixed = imul(wordAt(words, at), 0xcc9e2d51);
    hash ^= imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash = (imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};

const { imul } = Math;
