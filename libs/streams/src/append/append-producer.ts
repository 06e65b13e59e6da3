import type { TargetedRecords } from '../log-appender.js';
import type { TopicPartition } from '../records.js';
import type { SentRecords } from '../task/task-log.js';

/** A way to the log that is thrown away after any failure: its sequence numbers can no longer be trusted. */
export interface AppendProducer {
  /**
   * Partitions of one route are best sent to together, and one request at a time is under way on a route. A guess that
   * may change: nothing but speed depends on it.
   */
  routeOf(target: TopicPartition): string;
  /**
   * Sends to each of these partitions, none of which has anything under way. Partitions do not wait for each other.
   *
   * @returns one answer per batch, in their order, which fails with a StreamsError when the records may not be in the log
   */
  send(batches: readonly TargetedRecords[]): readonly Promise<SentRecords>[];
  /** Whatever is under way fails. Never fails itself. */
  disconnect(): void;
}
