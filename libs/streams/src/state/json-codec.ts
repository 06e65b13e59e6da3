import type { StoreCodec } from './key-value-store.js';

/** Values as JSON: for small states and first steps. Nothing checks that what is read back is a `V`. */
export const jsonCodec = <V>(): StoreCodec<V> => ({
  encode: (value) => Buffer.from(JSON.stringify(value)),
  decode: (bytes) => JSON.parse(bytes.toString()) as V,
});
