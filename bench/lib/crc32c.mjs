/** CRC-32C (Castagnoli) of a part of a buffer, eight bytes at a time: what Kafka checks a record batch with. */
const POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

const TABLE = new Int32Array(SLICES * 256);
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  TABLE[byte] = crc;
}
for (let slice = 1; slice < SLICES; slice++)
  for (let byte = 0; byte < 256; byte++) {
    const before = TABLE[(slice - 1) * 256 + byte];
    TABLE[slice * 256 + byte] = (before >>> 8) ^ TABLE[before & 0xff];
  }

export const crc32c = (bytes, start, end) => {
  let crc = -1;
  let at = start;
  for (; at + 8 <= end; at += 8)
    crc =
      TABLE[1792 + ((crc ^ bytes[at]) & 0xff)] ^
      TABLE[1536 + (((crc >>> 8) ^ bytes[at + 1]) & 0xff)] ^
      TABLE[1280 + (((crc >>> 16) ^ bytes[at + 2]) & 0xff)] ^
      TABLE[1024 + (((crc >>> 24) ^ bytes[at + 3]) & 0xff)] ^
      TABLE[768 + bytes[at + 4]] ^
      TABLE[512 + bytes[at + 5]] ^
      TABLE[256 + bytes[at + 6]] ^
      TABLE[bytes[at + 7]];
  for (; at < end; at++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[at]) & 0xff];
  return (crc ^ -1) >>> 0;
};
