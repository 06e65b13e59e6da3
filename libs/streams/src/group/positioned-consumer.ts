import type { Offset } from '../offset.js';
import type { RecordBatch, TopicPartition } from '../records.js';

/** What became of a batch. */
export type ApplyOutcome =
  /** It is stored, and the position behind it. */
  | 'applied'
  /** Nothing is: the store no longer stands where it did, say because it was put back to a backup. Its positions have to be asked for again. */
  | 'moved';

/**
 * Applies a consumer group's partitions to a store that keeps the positions itself, in the same transaction as what it
 * stores. Group offsets are never asked.
 */
export interface PositionedSink {
  /**
   * By topic and partition as `topicPartitionKey` writes them: the next offset to apply of each partition; 0 where nothing
   * was applied yet. Called on every assignment, and when the store has moved.
   */
  positionsOf(assigned: readonly TopicPartition[]): Promise<ReadonlyMap<string, Offset>>;
  /** Decodes what needs I/O (schema ids), stores the batch and moves the position, all or nothing. Retried until it succeeds or the partition is lost. */
  apply(batch: RecordBatch): Promise<ApplyOutcome>;
}

/** A running consumer. */
export interface PositionedConsumer {
  stop(): Promise<void>;
  /** Whether it is a member of its group, every assigned partition is being applied and none is quarantined. */
  isHealthy(): boolean;
  /** The assigned partitions that are stopped because something of them can never be applied. */
  quarantined(): readonly TopicPartition[];
}
