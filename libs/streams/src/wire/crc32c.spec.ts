import { describe, expect, it } from '@jest/globals';
import { crc32c } from './crc32c.js';

const bytes = (length: number, byteOf: (index: number) => number): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => byteOf(index)));

/** One bit at a time, as the definition says. */
const slowly = (input: Buffer): number => {
  let sum = 0xffffffff;
  for (const byte of input) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
};

describe('CRC-32C', () => {
  // RFC 3720, B.4, and the check value of the catalogue of CRC algorithms
  it.each<[string, Buffer, number]>([
    ['nothing', Buffer.alloc(0), 0],
    ['"123456789"', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros', bytes(32, () => 0), 0x8a9136aa],
    ['32 bytes of ones', bytes(32, () => 0xff), 0x62a8ab43],
    ['32 rising bytes', bytes(32, (index) => index), 0x46dd794e],
    ['32 falling bytes', bytes(32, (index) => 31 - index), 0x113fdb5c],
  ])('of %s is what the standard says', (_what, input, sum) => {
    expect(crc32c(input)).toBe(sum);
  });

  it('is the same however many bytes are left over, and wherever they begin', () => {
    const input = bytes(64, (index) => (index * 131 + 7) & 0xff);
    for (let start = 0; start < 9; start++)
      for (let end = start; end <= input.length; end++)
        expect(crc32c(input, start, end)).toBe(slowly(input.subarray(start, end)));
  });
});

describe('the checksum of a record batch', () => {
  it('is CRC-32C', () => {
    expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(34), 1, 33)).toBe(0x8a9136aa);
  });
});
