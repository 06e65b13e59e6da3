const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/**
 * 32-bit MurmurHash2 with Kafka's seed, signed: `org.apache.kafka.common.utils.Utils.murmur2`, which Kafka's
 * default partitioner uses on keys.
 */
export const murmur2 = (bytes: Uint8Array): number => murmur2OfFirst(bytes, bytes.length);

const murmur2OfFirst = (bytes: Uint8Array, length: number): number => {
  const at = (index: number): number => bytes[index] ?? 0;
  let hash = SEED ^ length;
  const wholeWords = length - (length % 4);
  for (let i = 0; i < wholeWords; i += 4) {
    let word = at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24);
    word = Math.imul(word, M);
    word ^= word >>> R;
    word = Math.imul(word, M);
    hash = Math.imul(hash, M) ^ word;
  }
  if (length > wholeWords) {
    for (let i = length - 1; i >= wholeWords; i--) hash ^= at(i) << (8 * (i - wholeWords));
    hash = Math.imul(hash, M);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  hash ^= hash >>> 15;
  return hash | 0;
};

/** {@link murmur2} of the UTF-8 bytes of an ASCII text, which are its character codes. Ids here are ASCII. */
export const murmur2OfAscii = (text: string): number => {
  if (text.length > scratch.length) scratch = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) scratch[index] = text.charCodeAt(index);
  return murmur2OfFirst(scratch, text.length);
};

/** Every review and every key is hashed: in memory that is used again. */
let scratch = new Uint8Array(256);

/** Drops the sign bit, as Kafka's `Utils.toPositive` does; not the absolute value. */
export const toPositive = (hash: number): number => hash & 0x7fffffff;
