import type { Offset } from '../offset.js';
import type { OutputRecord, StreamRecord } from '../records.js';
import type { ReadableStore } from '../state/key-value-store.js';

/** A store of whatever values. */
export interface AnyStoreSpec {
  readonly name: string;
  readonly codec: { encode(value: never): Buffer; decode(bytes: Buffer): unknown };
}

/** The stores of a service, by the names it gives them. */
export type StoreSpecs = Readonly<Record<string, AnyStoreSpec>>;

/** What a store holds, by what its codec decodes. */
export type ValueOf<Spec extends AnyStoreSpec> = ReturnType<Spec['codec']['decode']>;

/** The stores of one task, typed as declared, for reading. */
export type StoresOf<S extends StoreSpecs> = { readonly [K in keyof S]: ReadableStore<ValueOf<S[K]>> };

/**
 * What a handler may do in a transaction. Everything takes effect together when the transaction commits, or not at
 * all.
 */
export interface TransactionContext<S extends StoreSpecs = StoreSpecs, P = unknown> {
  /**
   * The broker's clock: the append time of the last record handed over, or of the task's own last record when there
   * was none. In milliseconds since 1970.
   */
  readonly appendTimeMs: number;
  /** Writes a record to this task's partition of an output topic. @throws StreamsError FATAL when it was not declared */
  emit(topic: string, record: OutputRecord): void;
  /** The value of a key, this transaction's changes included; undefined when there is none. */
  get<K extends keyof S>(store: K, key: string): ValueOf<S[K]> | undefined;
  put<K extends keyof S>(store: K, key: string, value: ValueOf<S[K]>): void;
  /** Deleting what is not there is no error. */
  delete(store: keyof S, key: string): void;
  /** Sets a source record aside, with its bytes, because of what a client put into it. */
  deadLetter(record: StreamRecord, reason: string, error: unknown): void;
  /** What this partition's state is now; undefined before the first {@link setPartitionState}. */
  partitionState(): P | undefined;
  /** JSON only. Kept in the position record. */
  setPartitionState(state: P): void;
}

/**
 * One task's logic. Synchronous, and pure apart from the context; made anew after every restore, so it may keep what it
 * derives from the stores. A handler that throws STATE_CORRUPTED or IMPOSSIBLE_RECORD quarantines its task.
 */
export interface TaskLogic<S extends StoreSpecs = StoreSpecs, P = unknown> {
  /**
   * Handles consecutive records of the source; called one or more times in a transaction. The return type makes an
   * asynchronous handler a type error.
   */
  process(records: readonly StreamRecord[], context: TransactionContext<S, P>): undefined;
  /** Called when the partition has been idle for the tick interval, and once after a restore when the source is all handled. */
  tick?(context: TransactionContext<S, P>): undefined;
  /** Whether {@link work} has something to do. Asked after each step. */
  hasWork?(): boolean;
  /**
   * One step of work that no record asks for, of some milliseconds at most. Never in a transaction with records; in one with other
   * steps when they are short. A step that changes nothing writes nothing.
   */
  work?(context: TransactionContext<S, P>): undefined;
  /** Called once at the end of each transaction: what is written once for all its records is written here. */
  finish?(context: TransactionContext<S, P>): undefined;
}

/** What a transaction has covered, for a service that reports it. */
export interface TransactionSummary<P> {
  readonly partition: number;
  readonly sourceNext: Offset;
  /** The offset after the last record of each output topic; absent where there is none. */
  readonly outputEnds: Readonly<Record<string, Offset>>;
  readonly partitionState: P | undefined;
}

/** How a service tells what its transactions have covered: one record each. */
export interface TransactionReceipt<P> {
  /** One of the service's outputs. */
  readonly topic: string;
  recordOf(summary: TransactionSummary<P>): OutputRecord;
}

/** What a task's logic starts from. */
export interface RestoredState<S extends StoreSpecs, P> {
  readonly partition: number;
  readonly stores: StoresOf<S>;
  readonly partitionState: P | undefined;
}

/** A service: what it reads, keeps and writes, and the logic between. */
export interface ServiceDefinition<S extends StoreSpecs = StoreSpecs, P = unknown> {
  /** Names the service; also its consumer group and, with the partition, its transactional ids. */
  readonly applicationId: string;
  readonly source: string;
  readonly changelog: string;
  readonly deadLetters: string;
  readonly outputs: readonly string[];
  readonly stores: S;
  /** Idle time after which {@link TaskLogic.tick} is called, in milliseconds. Default 60,000. */
  readonly tickIntervalMs?: number;
  logicOf(restored: RestoredState<S, P>): TaskLogic<S, P>;
  /** Does the I/O that decoding records may need, before their transaction begins. */
  prepare?(records: readonly StreamRecord[]): Promise<void>;
  /** A record of every transaction that says what it covers. */
  readonly receipt?: TransactionReceipt<P>;
}
