import type { Offset } from './offset.js';
import type { OutputRecord, TopicPartition } from './records.js';
import type { StreamsError, StreamsErrorCode } from './streams-error.js';

/** Where a record ended up. */
export interface AppendedRecord {
  readonly offset: Offset;
  /** The broker's clock, on a LogAppendTime topic. */
  readonly appendTimeMs: number;
}

/** Records for one partition, in order. */
export interface TargetedRecords {
  readonly target: TopicPartition;
  readonly records: readonly OutputRecord[];
}

/** What became of many records that were taken in together. */
export interface BulkOutcome {
  /** Records that are in the log for certain. */
  readonly appended: number;
  /** Why the others may not be; undefined when all are. */
  readonly failure: StreamsError | undefined;
}

/** Many records that wait to be written now. */
export interface BulkAccepted {
  /** Never rejects: a failure is part of it. */
  readonly outcome: Promise<BulkOutcome>;
}

/** How much waits to be confirmed. */
export interface AppendSize {
  readonly records: number;
  /** Keys, values and headers. */
  readonly bytes: number;
}

/** Something that happened to what was to be appended. */
export type AppendEvent =
  /** A request to the log was confirmed; `durationMs` is the request's. */
  | { readonly kind: 'sent'; readonly size: AppendSize; readonly durationMs: number }
  /** Records were given up: never sent, or sent with an unknown outcome. */
  | { readonly kind: 'failed'; readonly size: AppendSize; readonly code: StreamsErrorCode }
  /** A record was not taken in. */
  | { readonly kind: 'refused' }
  /** A record of {@link LogAppender.append} was confirmed; `durationMs` counts from its call. */
  | { readonly kind: 'confirmed'; readonly durationMs: number };

/** Writes records outside transactions: idempotent, acks=all, one send in flight per partition. */
export interface LogAppender {
  /**
   * Resolves once the record is in the log on all in-sync replicas. What arrives while a send is in flight forms the
   * next batch.
   *
   * @throws StreamsError TRANSIENT when the log did not confirm in time: it may have been written all the same;
   *   OVERLOADED when too much waits: it was not written
   */
  append(target: TopicPartition, record: OutputRecord): Promise<AppendedRecord>;
  /**
   * Resolves once the records are taken in, which they are as soon as there is room in the part of the queue that all
   * bulk appends share; so they never take the room of single ones. Records of one partition keep their order, also with
   * those of the next call, provided that call comes after this one has resolved.
   */
  appendInBulk(records: readonly TargetedRecords[]): Promise<BulkAccepted>;
  /** What was taken in and has no outcome yet. */
  queued(): AppendSize;
  /** Finishes what was taken in, then disconnects. */
  close(): Promise<void>;
}
