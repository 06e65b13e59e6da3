import { describe, expect, it } from '@jest/globals';
import { BufferReader } from './buffer-reader.js';
import { BufferWriter } from './buffer-writer.js';
import { MalformedAnswerError } from './wire-error.js';

const writeAll = (writer: BufferWriter): Buffer =>
  writer
    .int8(-1)
    .int16(-300)
    .int32(70_000)
    .int64(-(2 ** 40) - 5)
    .string('grün')
    .nullableString(null)
    .array(['a', 'b'], (text) => writer.string(text))
    .sized(() => writer.string('inside')).written;

const readAll = (reader: BufferReader): readonly unknown[] => [
  reader.int8(),
  reader.int16(),
  reader.int32(),
  reader.int64(),
  reader.string(),
  reader.nullableString(),
  reader.array(() => reader.string()),
  new BufferReader(reader.bytes()).string(),
];

describe("Kafka's types", () => {
  it('are read as they were written, however often the buffer had to grow', () => {
    for (const capacity of [1, 16, 1_000]) {
      const reader = new BufferReader(writeAll(new BufferWriter(capacity)));
      expect(readAll(reader)).toEqual([-1, -300, 70_000, -(2 ** 40) - 5, 'grün', null, ['a', 'b'], 'inside']);
      reader.end();
    }
  });

  it('are written big-endian', () => {
    const writer = new BufferWriter().int16(0x0102).int32(0x03040506).int64(0x0708090a0b0c);
    expect(writer.written.toString('hex')).toBe('0102' + '03040506' + '00000708090a0b0c');
  });

  it('are refused wherever the bytes end too early', () => {
    const bytes = writeAll(new BufferWriter());
    for (let length = 0; length < bytes.length; length++)
      expect(() => readAll(new BufferReader(bytes.subarray(0, length)))).toThrow(MalformedAnswerError);
  });

  it('are refused when something is left over', () => {
    expect(() => {
      new BufferReader(Buffer.alloc(1)).end();
    }).toThrow('1 bytes more than expected');
  });

  it('are refused when a number is larger than numbers can say', () => {
    const bytes = Buffer.from('7fffffffffffffff', 'hex');
    expect(() => new BufferReader(bytes).int64()).toThrow('no safe integer');
  });

  it('are refused when a length or a count runs past the end', () => {
    const bytes = new BufferWriter().int32(0x7fffffff).written;
    expect(() => new BufferReader(bytes).bytes()).toThrow(MalformedAnswerError);
    expect(() => new BufferReader(bytes).array(() => 0)).toThrow(MalformedAnswerError);
  });
});
