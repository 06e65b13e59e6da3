import { toDeadLetterRecord } from '../dead-letters/dead-letter.js';
import { bytesOf, type OutputRecord, type StreamRecord, type TopicPartition } from '../records.js';
import type { TaskStores } from '../state/task-stores.js';
import { StreamsError } from '../streams-error.js';
import type { StoreSpecs, TransactionContext, ValueOf } from './service-definition.js';

/** Where a transaction starts from. */
export interface TransactionBufferInit<S extends StoreSpecs, P> {
  readonly source: TopicPartition;
  readonly outputs: readonly string[];
  readonly deadLetters: string;
  readonly specs: S;
  readonly stores: TaskStores;
  readonly partitionState: P | undefined;
  readonly appendTimeMs: number;
}

/** Collects what handlers do in one transaction, until it is sent. */
export class TransactionBuffer<S extends StoreSpecs, P> implements TransactionContext<S, P> {
  /** Records by topic, each in the order they were written. */
  readonly outputs = new Map<string, OutputRecord[]>();
  /** Dead letters by reason. */
  readonly deadLetters = new Map<string, number>();
  /** Append times of the records they were. */
  readonly deadLetterTimesMs: number[] = [];
  /** Keys and values written to outputs so far. */
  bytes = 0;
  appendTimeMs: number;
  readonly #init: TransactionBufferInit<S, P>;
  #partitionState: P | undefined;

  constructor(init: TransactionBufferInit<S, P>) {
    this.#init = init;
    this.#partitionState = init.partitionState;
    this.appendTimeMs = init.appendTimeMs;
  }

  emit(topic: string, record: OutputRecord): void {
    if (!this.#init.outputs.includes(topic))
      throw new StreamsError('FATAL', `${topic} is not an output this service declared`);
    this.#append(topic, record);
  }

  get<K extends keyof S>(store: K, key: string): ValueOf<S[K]> | undefined {
    // Which values a store holds is what its own codec says; the stores forget that.
    return this.#store(store).get(key) as ValueOf<S[K]> | undefined;
  }

  put<K extends keyof S>(store: K, key: string, value: ValueOf<S[K]>): void {
    this.#store(store).put(key, value);
  }

  delete(store: keyof S, key: string): void {
    this.#store(store).delete(key);
  }

  deadLetter(record: StreamRecord, reason: string, error: unknown): void {
    this.deadLetterTimesMs.push(record.appendTimeMs);
    this.deadLetters.set(reason, (this.deadLetters.get(reason) ?? 0) + 1);
    this.#append(this.#init.deadLetters, toDeadLetterRecord(this.#init.source, record, reason, error));
  }

  partitionState(): P | undefined {
    return this.#partitionState;
  }

  setPartitionState(state: P): void {
    this.#partitionState = state;
  }

  #store(name: keyof S) {
    const { specs, stores } = this.#init;
    const spec = specs[name];
    if (spec === undefined) throw new StreamsError('FATAL', `${String(name)} is no store of this service`);
    return stores.store(spec.name);
  }

  #append(topic: string, record: OutputRecord): void {
    this.bytes += bytesOf(record);
    const records = this.outputs.get(topic);
    if (records === undefined) this.outputs.set(topic, [record]);
    else records.push(record);
  }
}
