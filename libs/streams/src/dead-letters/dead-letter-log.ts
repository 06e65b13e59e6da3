import type { PartitionOffsets } from '../admin.js';
import type { Offset } from '../offset.js';
import type { StreamRecord, TopicPartition } from '../records.js';
import type { TransactionalWriter } from '../task/task-log.js';

/** The topics around the dead letters of a service. */
export interface DeadLetterTopics {
  /** Names the service and, with the partition, the transactional ids of its redrives. */
  readonly applicationId: string;
  readonly deadLetters: string;
  /**
   * What a redrive needs besides: the source, which must have no other transactional writer, and the compacted topic
   * that says what was redriven. Undefined when the letters of this service cannot be sent again.
   */
  readonly redrive: { readonly source: string; readonly redrives: string } | undefined;
}

/** Offsets from the first up to, but without, the second. */
export interface OffsetRange {
  readonly from: Offset;
  readonly end: Offset;
}

/** What is done with records that are read, before more of them come. */
export type RecordHandler = (records: readonly StreamRecord[]) => Promise<void> | void;

/** What listing and redriving need of the log. */
export interface DeadLetterLog {
  /** Becomes the only owner of a transactional id: see `TaskLog.fence`. */
  fence(transactionalId: string): Promise<TransactionalWriter>;
  /**
   * Hands over the committed records of a range, in order; resolves when there is nothing left in it, whatever its last
   * offsets hold. One call at a time.
   *
   * @throws StreamsError TRANSIENT when nothing comes for too long; and whatever the handler throws
   */
  read(source: TopicPartition, range: OffsetRange, onRecords: RecordHandler): Promise<void>;
  offsetsOf(partition: TopicPartition): Promise<PartitionOffsets>;
}
