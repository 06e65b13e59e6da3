import { WORD_BYTES } from './packed-words.js';

/**
 * Where an entry of a packed map lies: the number of its slab and its first word in there, in 10 and 22 bits of a
 * signed number, as an Int32Array holds it.
 */
export type PackedRef = number;

const OFFSET_BITS = 22;
const OFFSET_MASK = 2 ** OFFSET_BITS - 1;

/** No entry: slabs are counted from one. */
export const NONE: PackedRef = 0;
export const MAX_SLABS = 2 ** (32 - OFFSET_BITS) - 1;
export const MAX_SLAB_BYTES = 2 ** OFFSET_BITS * WORD_BYTES;

export const refTo = (slabNumber: number, word: number): PackedRef => (slabNumber << OFFSET_BITS) | word;

export const slabNumberOf = (ref: PackedRef): number => ref >>> OFFSET_BITS;

export const wordOf = (ref: PackedRef): number => ref & OFFSET_MASK;
