import type { StateCodec } from './versioned-avro.js';

/** State that is bytes already, in a format of its writer's own. */
export const bytesCodec: StateCodec<Uint8Array> = {
  encode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  decode: (bytes) => Uint8Array.from(bytes),
};
