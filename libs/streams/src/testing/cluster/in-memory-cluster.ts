import type { PartitionOffsets } from '../../admin.js';
import type { Offset } from '../../offset.js';
import { topicPartitionKey } from '../../records.js';
import type { OutputRecord, StreamRecord, TopicPartition } from '../../records.js';
import type { SentRecords } from '../../task/task-log.js';
import { BrokerError } from './broker-error.js';
import { ConsumerGroup } from './consumer-group.js';
import { PartitionLog, type LogSlice } from './partition-log.js';
import type { ProducerIdentity } from './producer-states.js';
import { TransactionCoordinator } from './transaction-coordinator.js';

/** Time, and how long what brokers do among themselves takes. */
export interface ClusterInit {
  nowMs(): number;
  schedule(delayMs: number, callback: () => void): void;
  /** How long a transaction's marker is on its way to a partition, in milliseconds; undefined when it is there at once. */
  markerDelayMs?(): number | undefined;
  /** Whether the next answer to an OffsetFetch is what was true one commit ago. */
  isOffsetFetchStale?(): boolean;
  /** Whether the next fetch is answered OFFSET_OUT_OF_RANGE, although it is not. */
  isOffsetDenied?(): boolean;
}

/**
 * A Kafka cluster in memory: partitions with a last stable offset, idempotent and transactional producers, consumer
 * groups. Whoever asks it has sent a request that arrived; what may happen on the way is not its business.
 */
export class InMemoryCluster {
  readonly transactions: TransactionCoordinator;
  /** What the brokers' clocks are ahead of {@link ClusterInit.nowMs}, in milliseconds. */
  clockSkewMs = 0;
  /** Batches that were answered with success because they had come before. */
  duplicates = 0;
  readonly #init: ClusterInit;
  readonly #partitions = new Map<string, PartitionLog>();
  readonly #groups = new Map<string, ConsumerGroup>();
  readonly #listeners = new Set<(partition: string) => void>();

  constructor(init: ClusterInit) {
    this.#init = init;
    this.transactions = new TransactionCoordinator({
      schedule: (delayMs, callback) => {
        init.schedule(delayMs, callback);
      },
      markerDelayMs: () => init.markerDelayMs?.(),
      writeMarker: (partition, producer, fate) => {
        this.partition(partition).mark(producer, fate, this.brokerTimeMs());
        this.changed(partition);
      },
      commitOffset: (groupId, source, next) => {
        this.group(groupId).commitOffset(topicPartitionKey(source), next);
      },
    });
  }

  brokerTimeMs(): number {
    return this.#init.nowMs() + this.clockSkewMs;
  }

  /** Made when first asked for. */
  partition(target: TopicPartition): PartitionLog {
    const key = topicPartitionKey(target);
    let partition = this.#partitions.get(key);
    if (partition === undefined) {
      partition = new PartitionLog();
      this.#partitions.set(key, partition);
    }
    return partition;
  }

  group(groupId: string): ConsumerGroup {
    let group = this.#groups.get(groupId);
    if (group === undefined) {
      group = new ConsumerGroup(this.#init);
      this.#groups.set(groupId, group);
    }
    return group;
  }

  /** Appends outside any transaction. */
  append(target: TopicPartition, records: readonly OutputRecord[]): SentRecords {
    const sent = this.partition(target).append(records, this.brokerTimeMs());
    this.changed(target);
    return sent;
  }

  /** @throws BrokerError */
  produce(
    producer: ProducerIdentity,
    target: TopicPartition,
    firstSequence: number,
    records: readonly OutputRecord[],
  ): SentRecords {
    this.transactions.verify(producer, target);
    const sent = this.partition(target).append(records, this.brokerTimeMs(), { producer, firstSequence });
    if (sent.isDuplicate) this.duplicates += 1;
    else this.changed(target);
    return sent;
  }

  offsetsOf(target: TopicPartition): PartitionOffsets {
    const { low, lastStable } = this.partition(target);
    return { partition: target.partition, low, high: lastStable };
  }

  committed(target: TopicPartition): readonly StreamRecord[] {
    return this.partition(target).committed();
  }

  /** Whether no transaction is open anywhere, and everything can be read. */
  get isDecided(): boolean {
    for (const { lastStable, end } of this.#partitions.values()) if (lastStable !== end) return false;
    return true;
  }

  /** What an OffsetFetch is answered: not always the last that was committed. */
  groupOffset(groupId: string, target: TopicPartition): Offset | undefined {
    const { last, before } = this.group(groupId).committedOffset(topicPartitionKey(target));
    return this.#init.isOffsetFetchStale?.() === true ? before : last;
  }

  /** What a fetch gets of one partition. @throws BrokerError OFFSET_OUT_OF_RANGE */
  fetch(target: TopicPartition, from: Offset, limit: number): LogSlice | undefined {
    if (this.#init.isOffsetDenied?.() === true) throw new BrokerError('OFFSET_OUT_OF_RANGE');
    return this.partition(target).read(from, limit);
  }

  /** Brokers' time, for what they hold back. Returns how to call it off. */
  schedule(delayMs: number, callback: () => void): () => void {
    let isCalledOff = false;
    this.#init.schedule(delayMs, () => {
      if (!isCalledOff) callback();
    });
    return () => {
      isCalledOff = true;
    };
  }

  /** Calls back whenever something in a partition (its key) may have become readable. Returns how to stop that. */
  onChange(listener: (partition: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(target: TopicPartition): void {
    const key = topicPartitionKey(target);
    for (const listener of [...this.#listeners]) listener(key);
  }
}
