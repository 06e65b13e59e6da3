import type { Offset } from './offset.js';
import type { OutputRecord, TopicPartition } from './records.js';

/** Where a record ended up. */
export interface AppendedRecord {
  readonly offset: Offset;
  /** The broker's clock, on a LogAppendTime topic. */
  readonly appendTimeMs: number;
}

/** Writes records outside transactions: idempotent, acks=all, one send in flight per partition. */
export interface LogAppender {
  /**
   * Resolves once the record is in the log on all in-sync replicas. What arrives while a send is in flight forms the
   * next batch.
   *
   * @throws StreamsError TRANSIENT when the log did not confirm in time: it may have been written all the same;
   *   OVERLOADED when too many records wait: it was not written
   */
  append(target: TopicPartition, record: OutputRecord): Promise<AppendedRecord>;
  /** Finishes what was accepted, then disconnects. */
  close(): Promise<void>;
}
