import type { Offset } from './offset.js';

/** A topic as it must exist. */
export interface RequiredTopic {
  readonly name: string;
  /** Entries of the topic's configuration that must have these values. */
  readonly config: Readonly<Record<string, string>>;
  /** Further entries it is created with; whoever runs it may change them. */
  readonly creationConfig?: Readonly<Record<string, string>>;
}

/** First and end offset of a partition: `low` is the first still there, `high` the next to be written and readable. */
export interface PartitionOffsets {
  readonly partition: number;
  readonly low: Offset;
  readonly high: Offset;
}

/** Administration of the log. */
export interface LogAdmin {
  /**
   * Creates the topics that are missing.
   *
   * @throws StreamsError TOPOLOGY_MISMATCH when one exists with another partition count or another value of a
   *   configuration entry named here; TRANSIENT when the cluster does not answer
   */
  ensureTopics(
    topics: readonly RequiredTopic[],
    shape: { partitions: number; replicationFactor: number },
  ): Promise<void>;
  /** Checks what {@link ensureTopics} would, without creating anything. */
  verifyTopics(topics: readonly RequiredTopic[], shape: { partitions: number }): Promise<void>;
  offsetsOf(topic: string): Promise<readonly PartitionOffsets[]>;
  /** Committed next offsets of a group on a topic, by partition; -1 where there is none. For lag only, never a place to resume. */
  groupOffsets(groupId: string, topic: string): Promise<ReadonlyMap<number, number>>;
  /** Resolves when the cluster answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
