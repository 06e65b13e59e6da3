/** One Kafka record batch (format v2) under construction, without headers, keys of a batch in one buffer. */
import { Buffer } from 'node:buffer';
import { crc32c } from '../../dist/libs/streams/src/wire/crc32c.js';
import { writeVarint } from './varint.mjs';

const FIRST_RECORD = 61;
const ATTRIBUTES = 21;
const RECORD_OVERHEAD = 32;

/** @param capacity bytes it may grow to */
export const recordBatch = (capacity) => {
  const bytes = Buffer.allocUnsafe(capacity);
  let end = FIRST_RECORD;
  let count = 0;

  return {
    get count() {
      return count;
    },
    hasRoomFor: (size) => end + size + RECORD_OVERHEAD <= capacity,
    /** @param key a buffer, or null; @param value a buffer of which the first `length` bytes count */
    add(key, value, length) {
      const keyLength = key === null ? 0 : key.length;
      // Keys here are shorter than 64 bytes: their length is one byte.
      const size = 4 + varintSize(count) + keyLength + varintSize(length) + length;
      end = writeVarint(bytes, end, size * 2);
      bytes[end++] = 0;
      bytes[end++] = 0;
      end = writeVarint(bytes, end, count * 2);
      bytes[end++] = key === null ? 1 : keyLength * 2;
      if (key !== null) end += key.copy(bytes, end);
      end = writeVarint(bytes, end, length * 2);
      end += value.copy(bytes, end, 0, length);
      bytes[end++] = 0;
      count += 1;
    },
    /** The finished bytes. The batch takes nothing more. */
    finish(nowMs) {
      bytes.fill(0, 0, FIRST_RECORD);
      bytes.writeInt32BE(end - 12, 8);
      bytes.writeInt32BE(-1, 12);
      bytes[16] = 2;
      bytes.writeInt32BE(count - 1, 23);
      bytes.writeBigInt64BE(BigInt(nowMs), 27);
      bytes.writeBigInt64BE(BigInt(nowMs), 35);
      // No producer id, epoch or sequence: nothing is written twice here, because nothing is tried twice.
      bytes.fill(0xff, 43, 57);
      bytes.writeInt32BE(count, 57);
      bytes.writeUInt32BE(crc32c(bytes, ATTRIBUTES, end), 17);
      return bytes.subarray(0, end);
    },
  };
};

const varintSize = (number) => (number < 64 ? 1 : number < 8_192 ? 2 : 3);
