/**
 * Kafka's variable-length integers: zigzag, seven bits a byte, the lowest first (as in Protocol Buffers). Only 32-bit
 * values are written here; the lengths and deltas of a batch are never larger.
 */

/** How many bytes a value takes. */
export const sizeOfVarint = (value: number): number => {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  if (zigzag < 0x80) return 1;
  if (zigzag < 0x4000) return 2;
  if (zigzag < 0x20_0000) return 3;
  return zigzag < 0x1000_0000 ? 4 : 5;
};

/** Writes a value; returns where the next one goes. */
export const writeVarint = (bytes: Uint8Array, at: number, value: number): number => {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let next = at;
  while (rest > 0x7f) {
    bytes[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[next++] = rest;
  return next;
};
