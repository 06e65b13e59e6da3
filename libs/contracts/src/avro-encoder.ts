import type avro from 'avsc';

const FIRST_SCRATCH_BYTES = 4096;

/**
 * Encodes values of a type, one after the other, in memory that is used again; each result is a copy of its own.
 *
 * @param header bytes in front of each value
 */
export const avroEncoder = (type: avro.Type, header: Buffer): ((value: unknown) => Buffer) => {
  let scratch = Buffer.allocUnsafe(FIRST_SCRATCH_BYTES);
  return (value) => {
    let end = type.encode(value, scratch, header.length);
    while (end < 0) {
      scratch = Buffer.allocUnsafe(scratch.length - end + FIRST_SCRATCH_BYTES);
      end = type.encode(value, scratch, header.length);
    }
    header.copy(scratch);
    return Buffer.from(scratch.subarray(0, end));
  };
};
