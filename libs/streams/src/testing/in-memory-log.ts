import type { PartitionOffsets } from '../admin.js';
import { offsetOf, type Offset } from '../offset.js';
import { topicPartitionKey } from '../positioned-consumer.js';
import type { OutputRecord, RecordBatch, StreamRecord, TopicPartition } from '../records.js';
import { StreamsError } from '../streams-error.js';
import type { SentRecords, TaskLog, TransactionalWriter } from '../task/task-log.js';

type Fate = 'open' | 'committed' | 'aborted';

interface Transaction {
  fate: Fate;
  readonly partitions: Set<string>;
}

interface LoggedRecord extends StreamRecord {
  /** Null for a transaction's end marker, which takes an offset and is never read. */
  readonly transaction: Transaction | null;
  readonly isControl: boolean;
}

/** What happens to one call of a task to its log. */
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

/**
 * A log in memory with partitions, transactions, epochs and a last stable offset, as Kafka has them: what tasks are
 * tested on without a broker.
 */
export class InMemoryLog {
  readonly #partitions = new Map<string, LoggedRecord[]>();
  readonly #epochs = new Map<string, number>();
  readonly #open = new Map<string, Transaction>();
  readonly #listeners = new Set<() => void>();
  /** Writers that were neither discarded nor lost with their process. */
  openWriters = 0;
  /** The broker's clock, in milliseconds. */
  nowMs = 0;

  /** Appends outside any transaction, as an API would. */
  append(target: TopicPartition, ...records: readonly OutputRecord[]): void {
    this.#write(target, records, { fate: 'committed', partitions: new Set() });
    this.#changed();
  }

  /** What a read_committed consumer gets from an offset on. */
  read(target: TopicPartition, from: Offset): RecordBatch {
    const records = this.#partition(target);
    const stable = lastStableOffset(records);
    return {
      ...target,
      fetchedOffset: from,
      nextOffset: offsetOf(Math.max(from, stable)),
      highWatermark: offsetOf(stable),
      records: records
        .slice(from, stable)
        .filter(({ isControl, transaction }) => !isControl && transaction?.fate === 'committed'),
    };
  }

  /** All committed records of a partition. */
  committed(target: TopicPartition): readonly StreamRecord[] {
    return this.read(target, offsetOf(0)).records;
  }

  /** Calls back whenever something became readable. Returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The log as a task of one process sees it. */
  asSeenBy(faults: FaultPlan = NO_FAULTS): TaskLog {
    const call = <T>(doing: string, effect: () => T): Promise<T> => suffer(faults(doing), doing, effect);
    return {
      fence: (transactionalId) => call('fence', () => this.#fence(transactionalId, call)),
      readChangelog: (target, until, onRecords) =>
        call('read changelog', () => {
          const { records } = this.read(target, offsetOf(0));
          onRecords(records.filter(({ offset }) => offset <= until));
        }),
      offsetsOf: (target) =>
        call('read offsets', (): PartitionOffsets => ({
          partition: target.partition,
          low: offsetOf(0),
          high: offsetOf(lastStableOffset(this.#partition(target))),
        })),
    };
  }

  #fence(
    transactionalId: string,
    call: <T>(doing: string, effect: () => T) => Promise<T>,
  ): TransactionalWriter {
    const epoch = (this.#epochs.get(transactionalId) ?? -1) + 1;
    this.#epochs.set(transactionalId, epoch);
    this.#end(transactionalId, 'aborted');
    this.openWriters += 1;
    const owned = <T>(effect: () => T): T => {
      if (this.#epochs.get(transactionalId) !== epoch)
        throw new StreamsError('FENCED', `${transactionalId}: epoch ${epoch} is over`);
      return effect();
    };
    return {
      begin: () => call('begin', () => undefined),
      send: (target, records) =>
        call(`send to ${target.topic}`, () => owned(() => this.#send(transactionalId, target, records))),
      sendOffset: () =>
        call('send offsets', () => {
          owned(() => undefined);
        }),
      commit: () =>
        call('commit', () => {
          owned(() => {
            this.#end(transactionalId, 'committed');
          });
        }),
      discard: () => {
        this.openWriters -= 1;
        return Promise.resolve();
      },
    };
  }

  #send(transactionalId: string, target: TopicPartition, records: readonly OutputRecord[]): SentRecords {
    const transaction = this.#open.get(transactionalId) ?? { fate: 'open', partitions: new Set() };
    this.#open.set(transactionalId, transaction);
    transaction.partitions.add(topicPartitionKey(target));
    return this.#write(target, records, transaction);
  }

  #end(transactionalId: string, fate: Fate): void {
    const transaction = this.#open.get(transactionalId);
    if (transaction === undefined) return;
    transaction.fate = fate;
    this.#open.delete(transactionalId);
    for (const key of transaction.partitions) {
      const records = this.#partitions.get(key) ?? [];
      records.push({
        ...this.#stamp(records),
        key: null,
        value: null,
        headers: {},
        transaction: null,
        isControl: true,
      });
    }
    this.#changed();
  }

  #write(target: TopicPartition, written: readonly OutputRecord[], transaction: Transaction): SentRecords {
    const records = this.#partition(target);
    const firstOffset = offsetOf(records.length);
    for (const { key, value, headers = {} } of written)
      records.push({ ...this.#stamp(records), key, value, headers, transaction, isControl: false });
    return { firstOffset, endOffset: offsetOf(records.length), appendTimeMs: this.nowMs };
  }

  #stamp(records: readonly LoggedRecord[]): { offset: Offset; appendTimeMs: number } {
    return { offset: offsetOf(records.length), appendTimeMs: this.nowMs };
  }

  #partition(target: TopicPartition): LoggedRecord[] {
    const key = topicPartitionKey(target);
    const records = this.#partitions.get(key) ?? [];
    this.#partitions.set(key, records);
    return records;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const lastStableOffset = (records: readonly LoggedRecord[]): number => {
  const firstOpen = records.findIndex(({ transaction }) => transaction?.fate === 'open');
  return firstOpen === -1 ? records.length : firstOpen;
};

const suffer = async <T>(fault: Fault, doing: string, effect: () => T): Promise<T> => {
  // Every call of a real log takes a while: others may run meanwhile.
  await Promise.resolve();
  switch (fault) {
    case 'none':
      return effect();
    case 'request lost':
      throw new StreamsError('TRANSIENT', `${doing}: the request was lost`);
    case 'response lost':
      effect();
      throw new StreamsError('TRANSIENT', `${doing}: the response was lost`);
    case 'killed before':
      return death();
    case 'killed after':
      effect();
      return death();
  }
};

/** A promise that a dead process waits for. */
const death = (): Promise<never> => new Promise(() => undefined);
