import type { PartitionOffsets } from '../admin.js';
import type { Offset } from '../offset.js';
import type { OutputRecord, StreamRecord, TopicPartition } from '../records.js';

/** Where records sent to one partition ended up. */
export interface SentRecords {
  readonly firstOffset: Offset;
  /** The offset after the last one. */
  readonly endOffset: Offset;
  readonly appendTimeMs: number;
}

/**
 * One incarnation of a transactional id's owner. After any failure or unknown outcome it is worthless: discard it and
 * fence again. Calls must not overlap, except that of a transaction: sends to different partitions, and a send of an offset.
 */
export interface TransactionalWriter {
  /** @param targets what the transaction will write to, so that it is made known at once; more may follow */
  begin(targets?: readonly TopicPartition[]): Promise<void>;
  /** Sends in order; at least one record. */
  send(target: TopicPartition, records: readonly OutputRecord[]): Promise<SentRecords>;
  /** For lag tools only. */
  sendOffset(groupId: string, source: TopicPartition, next: Offset): Promise<void>;
  /** @throws StreamsError; when it does, the outcome is unknown */
  commit(): Promise<void>;
  /** Releases what it holds. Never fails. */
  discard(): Promise<void>;
}

/** What a task needs of the log besides its source. */
export interface TaskLog {
  /**
   * Becomes the only owner of a transactional id (InitProducerId, KIP-98): an older owner's open transaction is
   * aborted, and everything it still tries fails.
   */
  fence(transactionalId: string): Promise<TransactionalWriter>;
  /**
   * Reads a partition, committed records only, and hands them over in order until one with an offset not below
   * `range.until` was handed over.
   *
   * @throws StreamsError TRANSIENT when nothing comes for too long
   */
  readChangelog(
    source: TopicPartition,
    range: { readonly from: Offset; readonly until: Offset },
    onRecords: (records: readonly StreamRecord[]) => void,
  ): Promise<void>;
  offsetsOf(partition: TopicPartition): Promise<PartitionOffsets>;
}

/** A task's hold on its source partition. */
export interface TaskSource {
  /** Delivers batches from this offset on. */
  resumeAt(offset: Offset): void;
  pause(): void;
  /** Goes on delivering where it was paused. */
  resume(): void;
  /** Resolves at the next sign of the group that this member still owns the partition. */
  ownershipConfirmed(): Promise<void>;
  /** Resolves at once while the group's last sign is younger than a session, else at its next one. */
  membershipCurrent(): Promise<void>;
}
