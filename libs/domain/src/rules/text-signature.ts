/** Bins of a signature, one byte each. */
export const SIGNATURE_BYTES = 64;

/** A byte for each bin: what the smallest hash in it leaves behind, 0 when the bin is empty. */
export type TextSignature = Uint8Array;

const EMPTY = 0xffffffff;
const SYMBOLS = 255;
/** Scripts written without spaces count by the character, others by the word. */
const WORDS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu;
const ASCII_ONLY = /^[\0-\x7f]*$/;

/**
 * Signature of a text for {@link similarityPercent}. Case, punctuation, accents and whitespace do not matter.
 *
 * Shingles are single words and pairs of neighbours: pairs know the order, words survive when every other word is
 * replaced. One permutation hashing (Li, Owen, Zhang 2012) of a MinHash (Broder 1997), b-bit (Li, König 2010) with b = 8:
 * each shingle is hashed once, into one of 64 bins.
 */
export const textSignatureOf = (text: string): TextSignature => {
  const words = wordsOf(text).map(hashOfWord);
  const smallest = new Uint32Array(SIGNATURE_BYTES).fill(EMPTY);
  for (const [index, word] of words.entries()) {
    put(smallest, mixed(word));
    const next = words[index + 1];
    if (next !== undefined) put(smallest, mixed(Math.imul(word, 31) ^ next));
  }
  return Uint8Array.from(smallest, (hash) => (hash === EMPTY ? 0 : 1 + (hash % SYMBOLS)));
};

/** Different shingles of a text as far as its signature tells: exact for a few, at most {@link SIGNATURE_BYTES}. */
export const shinglesOf = (signature: TextSignature): number => {
  let filled = 0;
  for (const symbol of signature) if (symbol !== 0) filled++;
  return filled;
};

/** Estimated share of shingles that two texts have in common (Jaccard), 0 to 100. @param start where in `b` it begins */
export const similarityPercent = (a: TextSignature, b: Uint8Array, start = 0): number => {
  let equal = 0;
  let filled = 0;
  for (let bin = 0; bin < SIGNATURE_BYTES; bin++) {
    const left = a[bin] ?? 0;
    const right = b[start + bin] ?? 0;
    if ((left | right) === 0) continue;
    filled++;
    if (left === right) equal++;
  }
  return filled === 0 ? 0 : Math.floor((100 * equal) / filled);
};

const wordsOf = (text: string): readonly string[] => {
  const lower = text.toLowerCase().replace(/['’]/g, '');
  return (ASCII_ONLY.test(lower) ? lower : withoutAccents(lower)).match(WORDS) ?? [];
};

/**
 * Marks go before normalising, too: it sorts each run of them, and takes a time that grows with the square of its length.
 * A text of nothing else would keep a partition waiting for a second.
 */
const withoutAccents = (text: string): string => withoutMarks(withoutMarks(text).normalize('NFKD'));
const withoutMarks = (text: string): string => text.replace(/\p{M}+/gu, '');

const put = (smallest: Uint32Array, hash: number): void => {
  const bin = hash & (SIGNATURE_BYTES - 1);
  const rest = hash >>> 6;
  if (rest < (smallest[bin] ?? 0)) smallest[bin] = rest;
};

/** FNV-1a on UTF-16 units. */
const hashOfWord = (word: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash;
};

/** Murmur3's finalizer: every bit of the input reaches the bin and the rest. */
const mixed = (hash: number): number => {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};
