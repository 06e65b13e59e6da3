import type { OffsetRange } from './dead-letters/dead-letter-log.js';
import type { StreamRecord, TopicPartition } from './records.js';

/** Reads topics for a program that only looks. */
export interface RecordReader {
  /**
   * The committed records of a range, in order, batch by batch; ends when nothing is left in the range, whatever its last
   * offsets hold. Fetches ahead some megabytes and no more. Any number at once, but one of each partition. Records are
   * slices of what was fetched: copy what is kept.
   *
   * @throws StreamsError TRANSIENT when nothing comes for too long
   */
  records(source: TopicPartition, range: OffsetRange): AsyncIterable<readonly StreamRecord[]>;
}

/** A reader on Kafka, until closed. */
export interface OpenRecordReader extends RecordReader {
  close(): Promise<void>;
}
