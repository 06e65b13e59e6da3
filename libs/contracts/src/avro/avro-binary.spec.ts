import { describe, expect, it } from '@jest/globals';
import avro from 'avsc';
import fc from 'fast-check';
import { CodecError } from '../confluent-avro.js';
import { AvroReader } from './avro-reader.js';
import { AvroWriter, MAX_LONG_BYTES, maxTextBytes } from './avro-writer.js';

const CAMPAIGN = { numRuns: 1_000, seed: 1 };
const MAX_LONG = 2 ** 53 - 2;
/** Small, so that values meet its end. */
const CHUNK_BYTES = 100;

interface Sample {
  readonly long: number;
  readonly text: string;
  readonly bytes: Buffer;
  readonly noLong: number | null;
  readonly noText: string | null;
}

const SAMPLE = avro.Type.forSchema({
  type: 'record',
  name: 'Sample',
  fields: [
    { name: 'long', type: 'long' },
    { name: 'text', type: 'string' },
    { name: 'bytes', type: 'bytes' },
    { name: 'noLong', type: ['null', 'long'] },
    { name: 'noText', type: ['null', 'string'] },
  ],
});

// avsc keeps longs exact down to -2^52.
const longs = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.integer(),
  fc.constantFrom(2 ** 30, 2 ** 30 - 1, -(2 ** 30), -(2 ** 30) - 1, 2 ** 31, 2 ** 32, MAX_LONG, -(2 ** 52)),
  fc.integer({ min: -(2 ** 52), max: MAX_LONG }),
);
const texts = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 80 }));
const samples: fc.Arbitrary<Sample> = fc.record({
  long: longs,
  text: texts,
  bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  noLong: fc.option(longs),
  noText: fc.option(texts),
});

const writer = new AvroWriter(CHUNK_BYTES);
const written = ({ long, text, bytes, noLong, noText }: Sample): Buffer => {
  writer.begin(3 * MAX_LONG_BYTES + maxTextBytes(text) + bytes.length + maxTextBytes(noText));
  writer.long(long);
  writer.text(text);
  writer.bytes(bytes);
  writer.nullableLong(noLong);
  writer.nullableText(noText);
  return writer.take();
};

const longOf = (value: number): Buffer => {
  writer.begin(MAX_LONG_BYTES);
  writer.long(value);
  return writer.take();
};

const reading = (bytes: Buffer): AvroReader => {
  const reader = new AvroReader();
  reader.begin(bytes, 0);
  return reader;
};

describe('Avro written by hand', () => {
  it('is what avsc writes', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        expect(written(sample)).toEqual(SAMPLE.toBuffer(sample));
      }),
      CAMPAIGN,
    );
  });

  it('is not changed by what is written later', () => {
    const all = fc.sample(samples, { numRuns: 100, seed: 2 });
    const bytes = all.map(written);
    expect(bytes).toEqual(all.map((sample) => SAMPLE.toBuffer(sample)));
  });

  it('forgets what was begun and not taken', () => {
    writer.begin(MAX_LONG_BYTES);
    writer.long(7);
    expect(longOf(1)).toEqual(Buffer.of(2));
  });

  it.each([0.5, NaN, Infinity, MAX_LONG + 1, -MAX_LONG - 1])('refuses a number of %d', (value) => {
    expect(() => longOf(value)).toThrow('invalid long');
  });

  it.each(['two', '\u8a55'])('refuses to take a value that is larger than it was said to be: %s', (text) => {
    const full = new AvroWriter(1);
    full.begin(1);
    full.text(text);
    expect(() => full.take()).toThrow('larger');
  });
});

describe('Avro read by hand', () => {
  it('is what avsc has written', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const reader = reading(SAMPLE.toBuffer(sample));
        expect(reader.long()).toBe(sample.long);
        expect(reader.text()).toBe(sample.text);
        expect(Buffer.from(reader.bytes())).toEqual(sample.bytes);
        expect(reader.nullableLong()).toBe(sample.noLong);
        expect(reader.nullableText()).toBe(sample.noText);
        reader.end();
      }),
      CAMPAIGN,
    );
  });

  it('skips a text without looking at it', () => {
    const reader = reading(Buffer.of(2, 4, 0xff, 0xff, 0, 6));
    reader.skipNullableText();
    reader.skipNullableText();
    expect(reader.long()).toBe(3);
    reader.end();
  });

  it('keeps the least number exact, which avsc does not', () => {
    expect(reading(longOf(-MAX_LONG)).long()).toBe(-MAX_LONG);
  });

  it.each<[string, string, 'long' | 'text' | 'bytes' | 'skipNullableText' | 'nullableLong']>([
    ['a number that never ends', 'ff'.repeat(12), 'long'],
    ['a number that is not exact', `${'ff'.repeat(9)}01`, 'long'],
    ['a text longer than the value', '0461', 'text'],
    ['a text of negative length', '0361', 'text'],
    ['bytes longer than the value', '0461', 'bytes'],
    ['a skipped text longer than the value', '020461', 'skipNullableText'],
    ['a branch that no union has', '04', 'nullableLong'],
    ['less than was asked for', '', 'long'],
    ['more than was asked for', '0200', 'long'],
  ])('refuses %s', (_what, hex, what) => {
    const reader = reading(Buffer.from(hex, 'hex'));
    expect(() => {
      reader[what]();
      reader.end();
    }).toThrow(CodecError);
  });
});
