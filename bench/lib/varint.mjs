/** Variable-length integers as Avro and Kafka's records have them. */

/** Writes a non-negative integer of up to 53 bits, seven at a time, and returns where it ends. */
export const writeVarint = (bytes, start, number) => {
  let at = start;
  let rest = number;
  // Bit operations would cut it off at 32 bits.
  while (rest >= 0x8000_0000) {
    bytes[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 128) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
};
