import avro from 'avsc';
import { CodecError } from '../confluent-avro.js';

/** Serde of state in a changelog: one byte of format version, then Avro binary. */
export interface StateCodec<V> {
  encode(value: V): Buffer;
  /** @throws CodecError when the bytes have another version or are unreadable */
  decode(bytes: Buffer): V;
}

/**
 * @param version of the schema; a changed schema is a new version and both stay readable
 * @param to turns a value into what Avro has; `from` is its inverse
 */
export const versionedAvro = <V, R>(
  version: number,
  schema: object,
  { to, from }: { readonly to: (value: V) => R; readonly from: (record: R) => V },
): StateCodec<V> => {
  const type = avro.Type.forSchema(schema as avro.Schema, { registry: {}, wrapUnions: 'auto' });
  return {
    encode(value) {
      const body = type.toBuffer(to(value));
      return Buffer.concat([Buffer.of(version), body]);
    },
    decode(bytes) {
      if (bytes[0] !== version) throw new CodecError(`State of format version ${String(bytes[0])}`);
      try {
        return from(type.fromBuffer(bytes.subarray(1)) as R);
      } catch (cause) {
        throw new CodecError('Unreadable state', { cause });
      }
    },
  };
};
