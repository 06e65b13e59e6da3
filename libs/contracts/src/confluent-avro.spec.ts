import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CodecError, confluentAvro, type ConfluentAvro } from './confluent-avro.js';
import type { SchemaRegistry } from './schema-registry.js';

interface Note {
  readonly id: number;
  readonly text: string;
}

const NOTE = {
  type: 'record',
  name: 'Note',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'text', type: 'string' },
  ],
};
const NOTE_ID = 258;
const COUNTED = { ...NOTE, fields: NOTE.fields.slice(0, 1) };
const STAMPED = {
  ...NOTE,
  fields: [...NOTE.fields, { name: 'stamp', type: ['null', 'long'], default: null }],
};
const STAMPED_ID = 7;
const OTHER = { type: 'record', name: 'Other', fields: [{ name: 'id', type: 'boolean' }] };
const OTHER_ID = 8;
const JSON_SCHEMA_ID = 9;
const PROTOBUF_ID = 10;

/** A registry that knows the schemas above and two that are not Avro; keeps what it was asked. */
const registryOf = (): { readonly registry: SchemaRegistry; readonly lookups: number[] } => {
  const lookups: number[] = [];
  const schemas = new Map<number, string>([
    [NOTE_ID, JSON.stringify(NOTE)],
    [STAMPED_ID, JSON.stringify(STAMPED)],
    [OTHER_ID, JSON.stringify(OTHER)],
    [JSON_SCHEMA_ID, '{"type": "object", "properties": {"id": {"type": "integer"}}}'],
    [PROTOBUF_ID, 'syntax = "proto3"; message Note { int64 id = 1; }'],
  ]);
  const registry: SchemaRegistry = {
    setCompatibility: () => Promise.resolve(),
    register: () => Promise.resolve(NOTE_ID),
    ping: () => Promise.resolve(),
    schemaById(id) {
      lookups.push(id);
      const schema = schemas.get(id);
      return schema === undefined ? Promise.reject(new Error(`no schema ${id}`)) : Promise.resolve(schema);
    },
  };
  return { registry, lookups };
};

const notes = (): ConfluentAvro<Note> => confluentAvro<Note>(registryOf().registry, NOTE, NOTE_ID);
const framed = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const note: Note = { id: 3, text: 'hi' };

describe("Confluent's wire format", () => {
  it('is byte 0, the schema id in four bytes, and Avro binary', () => {
    expect(notes().encode(note)).toEqual(framed('00 00000102 06 04 6869'));
  });

  it('is read back as it was written, however long', async () => {
    const codec = notes();
    await codec.resolveWriters([codec.encode(note)]);
    const values = fc.record({
      // avsc keeps longs exact down to -2^52; ours are offsets, times and counts.
      id: fc.integer({ min: -(2 ** 52), max: Number.MAX_SAFE_INTEGER }),
      text: fc.string({ unit: 'grapheme', maxLength: 20_000 }),
    });
    fc.assert(
      fc.property(values, (value) => {
        expect(codec.decode(codec.encode(value))).toEqual(value);
      }),
      { numRuns: 100, seed: 1 },
    );
    const long = { id: 1, text: '\u20ac'.repeat(32_768) };
    expect(codec.decode(codec.encode(long))).toEqual(long);
  });

  it('of one value is not changed by writing the next', () => {
    const codec = notes();
    const first = codec.encode(note);
    codec.encode({ id: 4, text: 'xx' });
    expect(first).toEqual(framed('00 00000102 06 04 6869'));
  });

  it('cannot be written by a reader without a schema id', () => {
    const reader = confluentAvro<Note>(registryOf().registry, NOTE, undefined);
    expect(() => reader.encode(note)).toThrow('No schema id to write Note with');
    expect(() => reader.header()).toThrow('No schema id to write Note with');
  });
});

describe('reading', () => {
  const reading = async (hex: string | null): Promise<Note> => {
    const codec = notes();
    const bytes = hex === null ? null : framed(hex);
    await codec.resolveWriters([bytes]);
    return codec.decode(bytes);
  };

  it.each([
    ['no value', null],
    ['an empty value', ''],
    ['a header cut short', '00 000001'],
    ['another first byte', '01 00000102 06 04 6869'],
    ['JSON', '7b226964223a337d'],
    ['a header without a body', '00 00000102'],
    ['a body cut short', '00 00000102 06 04 68'],
    ['a body that goes on', '00 00000102 06 04 6869 00'],
    ['a text longer than the value', '00 00000102 06 ffffffff0f 6869'],
    ['a text of negative length', '00 00000102 06 03 6869'],
    ['a number that never ends', '00 00000102 ffffffffffffffffffffffff'],
    ["another topic's value", '00 00000008 01'],
    ['a value of JSON Schema', '00 00000009 7b7d'],
    ['a value of Protobuf', '00 0000000a 08 01'],
  ])('refuses %s', async (_what, hex) => {
    await expect(reading(hex)).rejects.toBeInstanceOf(CodecError);
  });

  it('refuses arbitrary bytes with nothing but a CodecError', async () => {
    const codec = notes();
    await codec.resolveWriters([codec.encode(note)]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (body) => {
        try {
          codec.decode(Buffer.concat([framed('00 00000102'), body]));
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
        }
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });

  it('knows the values of its own schema, whatever their id, from those of others', async () => {
    const described = { ...NOTE, doc: 'says nothing of bytes' };
    const codec = confluentAvro<Note>(registryOf().registry, described, undefined);
    const values = ['00 00000102', '00 00000007 06 04 6869 00', '00 00000008 01', '00 00000009 7b7d', '01'];
    const isOwn = (): boolean[] => values.map((hex) => codec.isOfOwnSchema(framed(hex)));
    expect(isOwn()).toEqual([false, false, false, false, false]);
    await codec.resolveWriters(values.map(framed));
    expect(isOwn()).toEqual([true, false, false, false, false]);
  });

  it('with a schema that was not fetched before is a mistake of ours, not of the bytes', () => {
    const codec = notes();
    const decoding = (): Note => codec.decode(codec.encode(note));
    expect(decoding).toThrow('Schema 258 was not resolved before decoding');
    expect(decoding).not.toThrow(CodecError);
  });

  it('waits for the registry as long as an id is unknown there, and asks again', async () => {
    const { registry, lookups } = registryOf();
    const codec = confluentAvro<Note>(registry, NOTE, NOTE_ID);
    const unknown = framed('00 0000ffff 06 04 6869');
    await expect(codec.resolveWriters([unknown])).rejects.toThrow('no schema 65535');
    await expect(codec.resolveWriters([unknown])).rejects.toThrow('no schema 65535');
    expect(lookups).toEqual([65_535, 65_535]);
  });

  it('asks for each schema once, and for none that a value without the format seems to name', async () => {
    const { registry, lookups } = registryOf();
    const codec = confluentAvro<Note>(registry, NOTE, NOTE_ID);
    const bytes = codec.encode(note);
    await codec.resolveWriters([bytes, null, bytes, framed('01 00000009 00'), framed('00 0000')]);
    await codec.resolveWriters([bytes]);
    expect(lookups).toEqual([NOTE_ID]);
  });

  it('with fewer fields skips the others', async () => {
    const reader = confluentAvro<{ readonly id: number }>(registryOf().registry, COUNTED, undefined);
    const bytes = notes().encode(note);
    await reader.resolveWriters([bytes]);
    expect(reader.decode(bytes)).toEqual({ id: 3 });
  });

  it('an older value fills new fields with their defaults, and a newer one leaves them out', async () => {
    const { registry } = registryOf();
    const newer = confluentAvro<Note & { readonly stamp: number | null }>(registry, STAMPED, STAMPED_ID);
    const older = confluentAvro<Note>(registry, NOTE, NOTE_ID);
    const stamped = newer.encode({ ...note, stamp: 9 });
    await newer.resolveWriters([older.encode(note)]);
    await older.resolveWriters([stamped]);
    expect(newer.decode(older.encode(note))).toEqual({ ...note, stamp: null });
    expect(older.decode(stamped)).toEqual(note);
  });
});
