import { Transform, type Readable } from 'node:stream';
import { CliError } from '../cli-error.js';

/**
 * The same bytes, reported as they pass. Fails with a CliError when the file cannot be read to its end.
 *
 * @param onBytes told how many have just passed
 */
export const watchedBytes = (file: Readable, onBytes: (bytes: number) => void): Readable => {
  const watched = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  file.on('error', (cause) => {
    watched.destroy(new CliError(`The file cannot be read to its end: ${cause.message}`, { cause }));
  });
  return file.pipe(watched);
};
