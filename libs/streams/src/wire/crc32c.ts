const POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

/** Row k says what a byte does to the sum when k more bytes follow it ("slicing by 8"). */
const TABLE: Int32Array = (() => {
  const table = new Int32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1;
    table[byte] = sum;
  }
  for (let at = 256; at < table.length; at++) {
    const shorter = table[at - 256] ?? 0;
    table[at] = (shorter >>> 8) ^ (table[shorter & 0xff] ?? 0);
  }
  return table;
})();

/** CRC-32C (Castagnoli, RFC 3720) of the bytes from `start` up to `end`, as an unsigned number. */
export const crc32c = (bytes: Uint8Array, start = 0, end = bytes.length): number => {
  let sum = -1;
  let at = start;
  for (const last = end - SLICES; at <= last; at += SLICES)
    sum =
      entry(0x700, sum ^ byteAt(bytes, at)) ^
      entry(0x600, (sum >>> 8) ^ byteAt(bytes, at + 1)) ^
      entry(0x500, (sum >>> 16) ^ byteAt(bytes, at + 2)) ^
      entry(0x400, (sum >>> 24) ^ byteAt(bytes, at + 3)) ^
      entry(0x300, byteAt(bytes, at + 4)) ^
      entry(0x200, byteAt(bytes, at + 5)) ^
      entry(0x100, byteAt(bytes, at + 6)) ^
      entry(0, byteAt(bytes, at + 7));
  for (; at < end; at++) sum = (sum >>> 8) ^ entry(0, sum ^ byteAt(bytes, at));
  return (sum ^ -1) >>> 0;
};

const entry = (row: number, byte: number): number => TABLE[row + (byte & 0xff)] ?? 0;

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
