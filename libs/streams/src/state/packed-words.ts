/** Memory off the JavaScript heap, seen as bytes and as words of 32 bits. */
export interface Words {
  readonly bytes: Buffer;
  readonly words: Int32Array;
}

export const WORD_BYTES = 4;

/** Not zeroed. */
export const allocateWords = (count: number): Words => {
  const bytes = Buffer.allocUnsafeSlow(count * WORD_BYTES);
  return { bytes, words: new Int32Array(bytes.buffer) };
};

/** The words that so many bytes fill, the last perhaps in part. */
export const wordsOf = (byteLength: number): number => (byteLength + 3) >>> 2;

/** What is at an index that is known to be inside. */
export const wordAt = (words: Int32Array, at: number): number => words[at] ?? 0;
