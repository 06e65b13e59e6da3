import { topicPartitionKey } from '../../records.js';
import type { Offset } from '../../offset.js';
import type { TopicPartition } from '../../records.js';

/**
 * Where a consumer reads, kept as kafkajs keeps it: what was sought is applied by the next fetch, what was paused stays
 * so across joins, and whatever was neither sought nor resolved starts at the group's offset.
 */
export class ConsumerPositions {
  readonly #paused = new Set<string>();
  readonly #sought = new Map<string, Offset>();
  #resolved = new Map<string, Offset>();
  #fetched = new Map<string, Offset>();
  #assigned: readonly TopicPartition[] = [];

  get assigned(): readonly TopicPartition[] {
    return this.#assigned;
  }

  /** A new generation: offsets are fetched again. */
  assign(assigned: readonly TopicPartition[]): void {
    this.#assigned = assigned;
    this.#resolved = new Map();
    this.#fetched = new Map();
  }

  seek(partition: TopicPartition, offset: Offset): void {
    this.#sought.set(topicPartitionKey(partition), offset);
  }

  pause(partition: TopicPartition): void {
    this.#paused.add(topicPartitionKey(partition));
  }

  resume(partition: TopicPartition): void {
    this.#paused.delete(topicPartitionKey(partition));
  }

  isPaused(partition: TopicPartition): boolean {
    return this.#paused.has(topicPartitionKey(partition));
  }

  /** Sought since it was fetched: whatever was fetched is stale. */
  isSought(partition: TopicPartition): boolean {
    return this.#sought.has(topicPartitionKey(partition));
  }

  applySeeks(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) {
      const key = topicPartitionKey(partition);
      const offset = this.#sought.get(key);
      if (offset === undefined) continue;
      this.#sought.delete(key);
      this.#resolved.set(key, offset);
    }
  }

  /** Assigned partitions whose group offset is not known yet. */
  unknown(): readonly TopicPartition[] {
    return this.#assigned.filter((partition) => !this.#fetched.has(topicPartitionKey(partition)));
  }

  learn(partition: TopicPartition, groupOffset: Offset): void {
    this.#fetched.set(topicPartitionKey(partition), groupOffset);
  }

  /** After OFFSET_OUT_OF_RANGE nothing is known of it. */
  forget(partition: TopicPartition): void {
    this.#fetched.delete(topicPartitionKey(partition));
    this.#resolved.delete(topicPartitionKey(partition));
  }

  /** Goes on there. */
  resolve(partition: TopicPartition, next: Offset): void {
    this.#resolved.set(topicPartitionKey(partition), next);
  }

  /** What can be fetched of these, and from where. */
  fetchable(partitions: readonly TopicPartition[]): readonly { partition: TopicPartition; from: Offset }[] {
    return partitions.flatMap((partition) => {
      const key = topicPartitionKey(partition);
      const fetched = this.#fetched.get(key);
      if (fetched === undefined || this.#paused.has(key)) return [];
      return [{ partition, from: this.#resolved.get(key) ?? fetched }];
    });
  }
}
