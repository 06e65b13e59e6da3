import type { TargetedRecords } from '../log-appender.js';
import type { TopicPartition } from '../records.js';
import type { SentRecords } from '../task/task-log.js';

/** A way to the log that is thrown away after any failure: its sequence numbers can no longer be trusted. */
export interface AppendProducer {
  /** Partitions of one route go into one request together. One request at a time is under way on a route. */
  routeOf(target: TopicPartition): string;
  /**
   * One request: records for one or more partitions of one route, each partition once.
   *
   * @returns where they are, in the order of the batches
   * @throws StreamsError also when only some of them are not known to be in the log
   */
  send(batches: readonly TargetedRecords[]): Promise<readonly SentRecords[]>;
  disconnect(): Promise<void>;
}
