import { Transform, type Readable } from 'node:stream';
import { GrowingBuffer } from './growing-buffer.js';

const PIECE_BYTES = 65_536;

/** The same bytes in large pieces: a body of chunks of one byte each would take two hundred times its length otherwise. */
export const gathered = (body: Readable): Readable => {
  const gathering = new GrowingBuffer();
  const pieces = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      gathering.add(chunk);
      if (gathering.length < PIECE_BYTES) done();
      else done(null, gathering.take());
    },
    flush(done) {
      done(null, gathering.take());
    },
  });
  body.once('error', (error) => pieces.destroy(error));
  // Whoever has stopped reading is not interested in how it ends.
  pieces.on('error', () => undefined);
  return body.pipe(pieces);
};
