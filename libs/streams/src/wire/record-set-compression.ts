import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { StreamsError } from '../streams-error.js';
import { MalformedAnswerError } from './wire-error.js';

/** Far above what a topic takes in one batch. Anything may say it becomes as large. */
const LIMIT = { maxOutputLength: 256 * 1_048_576 };

/** Kafka's numbers of the ways to compress. */
const NAMES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const GZIP = 1;
const ZSTD = 4;

/**
 * The records of a compressed batch.
 *
 * @throws StreamsError FATAL when it is compressed in a way that cannot be read here
 */
export const decompressed = (records: Buffer, compression: number): Buffer => {
  switch (compression) {
    case GZIP:
      return opened(() => gunzipSync(records, LIMIT));
    case ZSTD:
      return opened(() => zstdDecompressSync(records, LIMIT));
    default: {
      const name = NAMES[compression] ?? `method ${compression}`;
      throw new StreamsError('FATAL', `Records are compressed with ${name}; gzip and zstd can be read`);
    }
  }
};

const opened = (open: () => Buffer): Buffer => {
  try {
    return open();
  } catch (error) {
    throw new MalformedAnswerError(`Records cannot be decompressed: ${String(error)}`);
  }
};
