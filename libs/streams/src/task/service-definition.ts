import type { Offset } from '../offset.js';
import type { OutputRecord, StreamRecord } from '../records.js';
import type { KeyValueStore, StoreSpec } from '../state/key-value-store.js';

/** A store of whatever values. */
export interface AnyStoreSpec {
  readonly name: string;
  readonly codec: { encode(value: never): Buffer; decode(bytes: Buffer): unknown };
}

/** The stores of a service, by the names it gives them. */
export type StoreSpecs = Readonly<Record<string, AnyStoreSpec>>;

/** The stores of one task, typed as declared. */
export type StoresOf<S> = {
  readonly [K in keyof S]: S[K] extends StoreSpec<infer V> ? KeyValueStore<V> : never;
};

/**
 * What a handler may do in a transaction. Everything takes effect together when the transaction commits, or not at
 * all.
 */
export interface TransactionContext<P> {
  /** Writes a record to this task's partition of an output topic. */
  emit(topic: string, record: OutputRecord): void;
  /** Sets a source record aside, with its bytes, because of what a client put into it. */
  deadLetter(record: StreamRecord, reason: string, error: unknown): void;
  /** What this partition's state is now; undefined before the first {@link setPartitionState}. */
  partitionState(): P | undefined;
  /** JSON only. Kept in the position record. */
  setPartitionState(state: P): void;
}

/**
 * One task's logic. Synchronous, and pure apart from the context and its stores; made anew after every restore, so it
 * may keep what it derives from the stores. A handler that throws STATE_CORRUPTED or IMPOSSIBLE_RECORD quarantines its task.
 */
export interface TaskLogic<P> {
  /** Handles consecutive records of the source. The return type makes an asynchronous handler a type error. */
  process(records: readonly StreamRecord[], context: TransactionContext<P>): undefined;
  /**
   * Called when the partition has been idle for the tick interval, and once after a restore when there is nothing to read.
   *
   * @param brokerTimeMs the broker's clock
   */
  tick?(brokerTimeMs: number, context: TransactionContext<P>): undefined;
  /** Whether {@link work} has something to do. Asked between batches. */
  hasWork?(): boolean;
  /** One bounded step of work that no record asks for. */
  work?(context: TransactionContext<P>): undefined;
}

/** What a transaction has covered, for a service that reports it. */
export interface TransactionSummary<P> {
  readonly partition: number;
  readonly sourceNext: Offset;
  /** The offset after the last record of each output topic; 0 where there is none. */
  readonly outputEnds: Readonly<Record<string, Offset>>;
  readonly partitionState: P | undefined;
}

/** What a task's logic starts from. */
export interface RestoredState<S, P> {
  readonly partition: number;
  readonly stores: StoresOf<S>;
  readonly partitionState: P | undefined;
}

/** A service: what it reads, keeps and writes, and the logic between. */
export interface ServiceDefinition<S extends StoreSpecs, P> {
  /** Names the service; also its consumer group and, with the partition, its transactional ids. */
  readonly applicationId: string;
  readonly source: string;
  readonly changelog: string;
  readonly deadLetters: string;
  readonly outputs: readonly string[];
  readonly stores: S;
  /** Idle time after which {@link TaskLogic.tick} is called, in milliseconds. */
  readonly tickIntervalMs: number;
  logicOf(restored: RestoredState<S, P>): TaskLogic<P>;
  /** Does the I/O that decoding a batch may need, before its transaction begins. */
  prepare?(records: readonly StreamRecord[]): Promise<void>;
  /** A record that ends every transaction and says what it covers, with the topic it goes to. */
  receipt?(summary: TransactionSummary<P>): { readonly topic: string; readonly record: OutputRecord };
}
