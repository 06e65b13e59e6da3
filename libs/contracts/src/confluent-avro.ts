import avro from 'avsc';
import { avroEncoder } from './avro-encoder.js';
import type { SchemaRegistry } from './schema-registry.js';

const MAGIC_BYTE = 0;
/** The byte 0 and a schema id. */
export const CONFLUENT_HEADER_BYTES = 5;

/** A value that is not what the topic promises: wrong framing, unreadable bytes, impossible content. */
export class CodecError extends Error {
  readonly code = 'UNDECODABLE';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CodecError';
  }
}

/** Reads one topic's values in Confluent's wire format: byte 0, four bytes of schema id, Avro binary. */
export interface ConfluentReader<T> {
  /**
   * @throws CodecError when the bytes are not a value of this topic
   * @throws Error when the writer's schema was not resolved before
   */
  decode(bytes: Buffer | null): T;
  /**
   * Fetches the writers' schemas these values name, so that {@link decode} can stay synchronous. Values without the
   * wire format are skipped: decoding will say so.
   */
  resolveWriters(values: Iterable<Buffer | null>): Promise<void>;
}

/** Serde of one topic's values in that format. */
export interface ConfluentAvro<T> extends ConfluentReader<T> {
  encode(value: T): Buffer;
  /**
   * What each value it writes begins with: byte 0 and the id of the schema.
   *
   * @throws Error when it only reads
   */
  header(): Buffer;
  /** Whether the bytes were written with the very schema that they are read with, as far as bytes depend on it. */
  isOfOwnSchema(bytes: Buffer): boolean;
}

/** Reads the Avro that begins at an index and takes all bytes behind it. Throws when it is not that. */
export type ReadAvro<T> = (bytes: Buffer, from: number) => T;

/**
 * @param schemaId id of `schemaText` in the registry; undefined for a reader that never writes
 * @param readerSchema what to decode into: the same schema, or one with fewer fields, which are then skipped
 */
export const confluentAvro = <T>(
  registry: SchemaRegistry,
  readerSchema: object,
  schemaId: number | undefined,
): ConfluentAvro<T> => {
  const type = typeOf(readerSchema);
  const header = schemaId === undefined ? undefined : confluentHeader(schemaId);
  const encode = header && avroEncoder(type, header);
  const mustWrite = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error(`No schema id to write ${String(type.name)} with`);
    return part;
  };
  /** Ids of schemas that are the reader's own. */
  const own = new Set<number | undefined>();
  const through = readerThrough<T>(readerSchema);

  return {
    ...confluentReader(registry, (writerSchema, id) => {
      const read = through(writerSchema);
      if (isSameAvro(writerSchema, readerSchema)) own.add(id);
      return read;
    }),
    encode: (value) => mustWrite(encode)(value),
    header: () => mustWrite(header),
    isOfOwnSchema: (bytes) => own.has(schemaIdOf(bytes)),
  };
};

/** Reads what any writer's schema has written as a value of the reader's, through avsc. */
export const readerThrough = <T>(readerSchema: object): ((writerSchema: object) => ReadAvro<T>) => {
  const type = typeOf(readerSchema);
  return (writerSchema) => {
    const resolver = type.createResolver(typeOf(writerSchema));
    return (bytes, from) => {
      const decoded: { value: unknown; offset: number } = type.decode(bytes, from, resolver);
      const { value, offset } = decoded;
      if (offset !== bytes.length) throw new CodecError(`${bytes.length - offset} bytes too many or too few`);
      return value as T;
    };
  };
};

/** @param readerOf how to read what a schema has written; throws when that is no value of this topic */
export const confluentReader = <T>(
  registry: SchemaRegistry,
  readerOf: (writerSchema: object, id: number) => ReadAvro<T>,
): ConfluentReader<T> => {
  /** By writer's schema id; null: that schema cannot be read as this topic's. */
  const readers = new Map<number, ReadAvro<T> | null>();

  const resolve = async (id: number): Promise<void> => {
    const text = await registry.schemaById(id);
    try {
      readers.set(id, readerOf(JSON.parse(text) as object, id));
    } catch {
      // Another topic's record, or not even Avro: the registry knows JSON Schema and Protobuf, too.
      readers.set(id, null);
    }
  };

  return {
    decode(bytes) {
      const id = schemaIdOf(bytes);
      if (bytes === null || id === undefined) throw new CodecError('Not in the Confluent wire format');
      const read = readers.get(id);
      if (read === undefined) throw new Error(`Schema ${id} was not resolved before decoding`);
      if (read === null) throw new CodecError(`Schema ${id} belongs to another topic`);
      try {
        return read(bytes, CONFLUENT_HEADER_BYTES);
      } catch (cause) {
        if (cause instanceof CodecError) throw cause;
        throw new CodecError(`Not a value of schema ${id}`, { cause });
      }
    },
    async resolveWriters(values) {
      const unknown = new Set<number>();
      for (const bytes of values) {
        const id = schemaIdOf(bytes);
        if (id !== undefined && !readers.has(id)) unknown.add(id);
      }
      if (unknown.size > 0) await Promise.all([...unknown].map(resolve));
    },
  };
};

/** Whether two schemas write the same bytes: a registry may give back the text of a schema in another form. */
export const isSameAvro = (a: object, b: object): boolean => typeOf(a).equals(typeOf(b));

/** What stands in front of values that a schema writes. */
export const confluentHeader = (schemaId: number): Buffer => {
  const header = Buffer.alloc(CONFLUENT_HEADER_BYTES, MAGIC_BYTE);
  header.writeInt32BE(schemaId, 1);
  return header;
};

const schemaIdOf = (bytes: Buffer | null): number | undefined =>
  bytes !== null && bytes.length >= CONFLUENT_HEADER_BYTES && bytes[0] === MAGIC_BYTE
    ? bytes.readInt32BE(1)
    : undefined;

// One type registry per schema version: two versions of a record have the same name.
const typeOf = (schema: object): avro.Type =>
  avro.Type.forSchema(schema as avro.Schema, { registry: {}, wrapUnions: 'auto' });
