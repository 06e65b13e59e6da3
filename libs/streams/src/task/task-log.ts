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
 * fence again. Calls must not overlap.
 */
export interface TransactionalWriter {
  begin(): Promise<void>;
  /** Sends in order; at least one record. */
  send(target: TopicPartition, records: readonly OutputRecord[]): Promise<SentRecords>;
  /** For lag tools only. Must not be the first act of a transaction. */
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
   * Reads a partition from its start, committed records only, and hands them over in order until one with an offset
   * not below `until` was handed over.
   *
   * @throws StreamsError TRANSIENT when nothing comes for too long
   */
  readChangelog(
    source: TopicPartition,
    until: Offset,
    onRecords: (records: readonly StreamRecord[]) => void,
  ): Promise<void>;
  offsetsOf(partition: TopicPartition): Promise<PartitionOffsets>;
}

/** A task's hold on its source partition. */
export interface TaskSource {
  /** Delivers batches from this offset on. */
  resumeAt(offset: Offset): void;
  pause(): void;
  /** Resolves at the next sign of the group that this member still owns the partition. */
  ownershipConfirmed(): Promise<void>;
}
