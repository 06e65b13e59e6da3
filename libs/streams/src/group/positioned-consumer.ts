import type { Offset } from '../offset.js';
import type { RecordBatch, TopicPartition } from '../records.js';

/**
 * Applies a consumer group's partitions to a store that keeps the positions itself, in the same transaction as what it
 * stores. Group offsets are never asked.
 */
export interface PositionedSink {
  /** By topic and partition as `topicPartitionKey` writes them: the next offset to apply of each partition; 0 where nothing was applied yet. Called on every assignment. */
  positionsOf(assigned: readonly TopicPartition[]): Promise<ReadonlyMap<string, Offset>>;
  /** Decodes what needs I/O (schema ids), stores the batch and moves the position, all or nothing. Retried until it succeeds or the partition is lost. */
  apply(batch: RecordBatch): Promise<void>;
}

/** A running consumer. */
export interface PositionedConsumer {
  stop(): Promise<void>;
  /** Whether it is a member of its group, every assigned partition is being applied and none is quarantined. */
  isHealthy(): boolean;
}
