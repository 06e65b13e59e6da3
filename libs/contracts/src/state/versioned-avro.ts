import avro from 'avsc';
import { avroEncoder } from '../avro-encoder.js';
import { CodecError } from '../confluent-avro.js';

const VERSION_BYTES = 1;

/** Serde of state in a changelog: one byte of format version, then Avro binary. */
export interface StateCodec<V> {
  encode(value: V): Buffer;
  /** @throws CodecError when the bytes have an unknown version or are unreadable */
  decode(bytes: Buffer): V;
}

/** A format that state was once written in. */
interface StateFormat<V, R> {
  /** Of the schema; a changed schema is a new version, and both stay readable. */
  readonly version: number;
  readonly schema: object;
  /** Turns what Avro has into a value. */
  readonly from: (record: R) => V;
}

/** The format that state is written in now. */
interface CurrentFormat<V, R> extends StateFormat<V, R> {
  /** The inverse of `from`. */
  readonly to: (value: V) => R;
}

/** @param older what may still be found in a changelog: each entry keeps its format until it is next written */
export const versionedAvro = <V, R>(
  { to, ...current }: CurrentFormat<V, R>,
  ...older: readonly StateFormat<V, never>[]
): StateCodec<V> => {
  const type = typeOf(current.schema);
  const readers = new Map<number | undefined, (body: Buffer) => V>(
    [current, ...older].map(({ version, schema, from }) => {
      const written = typeOf(schema);
      return [version, (body) => from(written.fromBuffer(body) as never)];
    }),
  );
  const encode = avroEncoder(type, Buffer.of(current.version));
  return {
    encode: (value) => encode(to(value)),
    decode(bytes) {
      const read = readers.get(bytes[0]);
      if (read === undefined) throw new CodecError(`State of format version ${String(bytes[0])}`);
      try {
        return read(bytes.subarray(VERSION_BYTES));
      } catch (cause) {
        throw new CodecError('Unreadable state', { cause });
      }
    },
  };
};

/**
 * Reads the first fields of a state, and stops there.
 *
 * @param fields of the version the bytes are of, from its first one on
 */
export const prefixReader = (fields: readonly object[]): ((bytes: Buffer) => unknown) => {
  const type = typeOf({ type: 'record', name: 'Prefix', fields });
  return (bytes) => {
    const decoded: { value: unknown; offset: number } = type.decode(bytes, VERSION_BYTES);
    if (decoded.offset < 0) throw new CodecError('Unreadable state');
    return decoded.value;
  };
};

const typeOf = (schema: object): avro.Type =>
  avro.Type.forSchema(schema as avro.Schema, { registry: {}, wrapUnions: 'auto' });
