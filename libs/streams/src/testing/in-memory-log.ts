import type { Offset } from '../offset.js';
import {
  topicPartitionKey,
  type OutputRecord,
  type RecordBatch,
  type StreamRecord,
  type TopicPartition,
} from '../records.js';
import { StreamsError } from '../streams-error.js';
import type { TaskLog, TransactionalWriter } from '../task/task-log.js';
import { asClientError } from './cluster/broker-error.js';
import { InMemoryCluster } from './cluster/in-memory-cluster.js';
import type { ProducerIdentity } from './cluster/producer-states.js';

/** What happens to one call of a process to its log. */
export type Fault =
  /** It arrives and is answered. */
  | 'none'
  /** It never arrives; the caller gets an error. */
  | 'request lost'
  /** It takes effect; the caller gets an error. */
  | 'response lost'
  /** The process dies before it: the caller never hears anything again. */
  | 'killed before'
  /** The process dies after it took effect. */
  | 'killed after';

/** Decides the fault of a call, given what is being done, for example `commit`. */
export type FaultPlan = (doing: string) => Fault;

const NO_FAULTS: FaultPlan = () => 'none';
/** Nothing that is tested without a clock may wait for this. */
const NEVER_MS = Number.POSITIVE_INFINITY;

type Call = <T>(doing: string, effect: () => T) => Promise<T>;

/**
 * An {@link InMemoryCluster} in which nothing takes any time, for what needs a log and neither a group nor a clock: one
 * fault at most per call, decided by name.
 */
export class InMemoryLog {
  readonly cluster = new InMemoryCluster({ nowMs: () => this.nowMs, schedule: () => undefined });
  /** Writers that were neither discarded nor lost with their process. */
  openWriters = 0;
  /** The broker's clock, in milliseconds. */
  nowMs = 0;

  /** Appends outside any transaction, as an API would. */
  append(target: TopicPartition, ...records: readonly OutputRecord[]): void {
    this.cluster.append(target, records);
  }

  /** What a read_committed consumer gets from an offset on. */
  read(target: TopicPartition, from: Offset): RecordBatch {
    const partition = this.cluster.partition(target);
    const found = partition.read(from, Number.POSITIVE_INFINITY);
    return {
      ...target,
      fetchedOffset: from,
      nextOffset: found?.nextOffset ?? from,
      highWatermark: partition.lastStable,
      records: found?.records ?? [],
    };
  }

  /** All committed records of a partition. */
  committed(target: TopicPartition): readonly StreamRecord[] {
    return this.cluster.committed(target);
  }

  /** Calls back whenever something may have become readable. Returns how to stop that. */
  onChange(listener: () => void): () => void {
    return this.cluster.onChange(listener);
  }

  /** The log as one process sees it. */
  asSeenBy(faults: FaultPlan = NO_FAULTS): TaskLog {
    const call: Call = (doing, effect) => suffer(faults(doing), doing, effect);
    return {
      fence: (transactionalId) => call('fence', () => this.#fence(transactionalId, call)),
      readChangelog: (target, { from, until }, onRecords) =>
        call('read changelog', () => {
          const { records } = this.read(target, from);
          onRecords(records.filter(({ offset }) => offset <= until));
        }),
      offsetsOf: (target) => call('read offsets', () => this.cluster.offsetsOf(target)),
    };
  }

  #fence(transactionalId: string, call: Call): TransactionalWriter {
    const { transactions } = this.cluster;
    const producer = transactions.initProducerId(transactionalId, NEVER_MS);
    const sequences = new Map<string, number>();
    this.openWriters += 1;
    return {
      begin: (targets = []) =>
        call('begin', () => {
          for (const target of targets) transactions.addPartition(producer, target);
        }),
      send: (target, records) =>
        call(`send to ${target.topic}`, () => {
          transactions.addPartition(producer, target);
          return this.#produce(producer, target, records, sequences);
        }),
      sendOffset: (groupId, source, next) =>
        call('send offsets', () => {
          transactions.addOffset(producer, { groupId, source, next });
        }),
      commit: () =>
        call('commit', () => {
          transactions.endTransaction(producer, 'committed');
        }),
      discard: () => {
        this.openWriters -= 1;
        return Promise.resolve();
      },
    };
  }

  #produce(
    producer: ProducerIdentity,
    target: TopicPartition,
    records: readonly OutputRecord[],
    sequences: Map<string, number>,
  ) {
    const key = topicPartitionKey(target);
    const sequence = sequences.get(key) ?? 0;
    sequences.set(key, sequence + records.length);
    return this.cluster.produce(producer, target, sequence, records);
  }
}

const suffer = async <T>(fault: Fault, doing: string, effect: () => T): Promise<T> => {
  // Every call of a real log takes a while: others may run meanwhile.
  await Promise.resolve();
  switch (fault) {
    case 'none':
      return answered(doing, effect);
    case 'request lost':
      throw new StreamsError('TRANSIENT', `${doing}: the request was lost`);
    case 'response lost':
      answered(doing, effect);
      throw new StreamsError('TRANSIENT', `${doing}: the response was lost`);
    case 'killed before':
      return death();
    case 'killed after':
      answered(doing, effect);
      return death();
  }
};

const answered = <T>(doing: string, effect: () => T): T => {
  try {
    return effect();
  } catch (error) {
    throw asClientError(error, doing);
  }
};

/** A promise that a dead process waits for. */
const death = (): Promise<never> => new Promise(() => undefined);
