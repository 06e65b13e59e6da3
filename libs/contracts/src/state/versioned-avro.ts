import avro from 'avsc';
import { CodecError } from '../confluent-avro.js';

/** The version of its format, in front of a state. */
export const VERSION_BYTES = 1;

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

/** Reads state of some formats. */
export const stateReader = <V>(...formats: readonly StateFormat<V, never>[]): StateCodec<V>['decode'] => {
  const readers = new Map<number | undefined, (body: Buffer) => V>(
    formats.map(({ version, schema, from }) => {
      const written = typeOf(schema);
      return [version, (body) => from(written.fromBuffer(body) as never)];
    }),
  );
  return (bytes) => {
    const read = readers.get(bytes[0]);
    if (read === undefined) throw new CodecError(`State of format version ${String(bytes[0])}`);
    try {
      return read(bytes.subarray(VERSION_BYTES));
    } catch (cause) {
      throw new CodecError('Unreadable state', { cause });
    }
  };
};

const typeOf = (schema: object): avro.Type =>
  avro.Type.forSchema(schema as avro.Schema, { registry: {}, wrapUnions: 'auto' });
