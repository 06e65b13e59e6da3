import avro from 'avsc';
import { avroEncoder } from './avro-encoder.js';
import type { SchemaRegistry } from './schema-registry.js';

const MAGIC_BYTE = 0;
const HEADER_BYTES = 5;

/** A value that is not what the topic promises: wrong framing, unreadable bytes, impossible content. */
export class CodecError extends Error {
  readonly code = 'UNDECODABLE';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CodecError';
  }
}

/** Serde of one topic's values in Confluent's wire format: byte 0, four bytes of schema id, Avro binary. */
export interface ConfluentAvro<T> {
  encode(value: T): Buffer;
  /**
   * What each value it writes begins with: byte 0 and the id of the schema.
   *
   * @throws Error when it only reads
   */
  header(): Buffer;
  /** Whether the bytes were written with the very schema that they are read with, as far as bytes depend on it. */
  isOfOwnSchema(bytes: Buffer): boolean;
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
  type Resolver = ReturnType<typeof type.createResolver>;
  /** By writer's schema id; null: that schema cannot be read as this topic's. */
  const resolvers = new Map<number, Resolver | null>();
  /** Ids of schemas that are the reader's own. */
  const own = new Set<number | undefined>();
  const header = schemaId === undefined ? undefined : headerOf(schemaId);
  const encode = header && avroEncoder(type, header);

  const resolve = async (id: number): Promise<void> => {
    const text = await registry.schemaById(id);
    try {
      const writer = typeOf(JSON.parse(text) as object);
      resolvers.set(id, type.createResolver(writer));
      if (writer.fingerprint().equals(type.fingerprint())) own.add(id);
    } catch {
      // Another topic's record, or not even Avro: the registry knows JSON Schema and Protobuf, too.
      resolvers.set(id, null);
    }
  };

  return {
    encode(value) {
      if (encode === undefined) throw new Error(`No schema id to write ${String(type.name)} with`);
      return encode(value);
    },
    header() {
      if (header === undefined) throw new Error(`No schema id to write ${String(type.name)} with`);
      return header;
    },
    isOfOwnSchema: (bytes) => own.has(schemaIdOf(bytes)),
    decode(bytes) {
      const id = schemaIdOf(bytes);
      if (bytes === null || id === undefined) throw new CodecError('Not in the Confluent wire format');
      const resolver = resolvers.get(id);
      if (resolver === undefined) throw new Error(`Schema ${id} was not resolved before decoding`);
      if (resolver === null) throw new CodecError(`Schema ${id} belongs to another topic`);
      try {
        const decoded: { value: unknown; offset: number } = type.decode(bytes, HEADER_BYTES, resolver);
        const { value, offset } = decoded;
        if (offset !== bytes.length)
          throw new CodecError(`${bytes.length - offset} bytes too many or too few`);
        return value as T;
      } catch (cause) {
        if (cause instanceof CodecError) throw cause;
        throw new CodecError(`Not a value of schema ${id}`, { cause });
      }
    },
    async resolveWriters(values) {
      const unknown = new Set<number>();
      for (const bytes of values) {
        const id = schemaIdOf(bytes);
        if (id !== undefined && !resolvers.has(id)) unknown.add(id);
      }
      await Promise.all([...unknown].map(resolve));
    },
  };
};

const headerOf = (schemaId: number): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES, MAGIC_BYTE);
  header.writeInt32BE(schemaId, 1);
  return header;
};

const schemaIdOf = (bytes: Buffer | null): number | undefined =>
  bytes !== null && bytes.length >= HEADER_BYTES && bytes[0] === MAGIC_BYTE
    ? bytes.readInt32BE(1)
    : undefined;

// One type registry per schema version: two versions of a record have the same name.
const typeOf = (schema: object): avro.Type =>
  avro.Type.forSchema(schema as avro.Schema, { registry: {}, wrapUnions: 'auto' });
