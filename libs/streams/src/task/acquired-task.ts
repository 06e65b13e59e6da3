import { offsetOf, type Offset } from '../offset.js';
import type { StreamRecord, TopicPartition } from '../records.js';
import { toOutputRecord, type PositionRecord } from '../state/changelog-record.js';
import type { TransactionalStore } from '../state/key-value-store.js';
import { StreamsError } from '../streams-error.js';
import type {
  ServiceDefinition,
  StoreSpecs,
  StoresOf,
  TaskLogic,
  TransactionContext,
} from './service-definition.js';
import type { TransactionalWriter } from './task-log.js';
import { TransactionBuffer } from './transaction-buffer.js';

/** The position of a task that has never committed anything. */
const FIRST_POSITION: PositionRecord = Object.freeze({
  kind: 'position',
  sourceNext: offsetOf(0),
  transaction: 0,
  outputEnds: {},
  partitionState: undefined,
});

/** What acquiring a task came to own. */
export interface Acquisition<S extends StoreSpecs, P> {
  readonly definition: ServiceDefinition<S, P>;
  readonly partition: number;
  readonly writer: TransactionalWriter;
  readonly stores: ReadonlyMap<string, TransactionalStore<unknown>>;
  /** Undefined when the task has never committed anything. */
  readonly position: PositionRecord | undefined;
}

/**
 * A task between its restore and its next failure: the writer that owns it, its state, its position and its logic.
 * After any failure the whole of it is thrown away, and with it every doubt about what the state is.
 */
export class AcquiredTask<S extends StoreSpecs, P> {
  readonly #definition: ServiceDefinition<S, P>;
  readonly #partition: number;
  readonly #writer: TransactionalWriter;
  readonly #stores: ReadonlyMap<string, TransactionalStore<unknown>>;
  readonly #logic: TaskLogic<P>;
  #position: PositionRecord;

  private constructor({ definition, partition, writer, stores, position }: Acquisition<S, P>) {
    this.#definition = definition;
    this.#partition = partition;
    this.#writer = writer;
    this.#stores = stores;
    this.#position = position ?? FIRST_POSITION;
    this.#logic = definition.logicOf({
      partition,
      stores: storesByName(definition.stores, stores),
      partitionState: this.#position.partitionState as P | undefined,
    });
  }

  static async from<S extends StoreSpecs, P>(acquisition: Acquisition<S, P>): Promise<AcquiredTask<S, P>> {
    const task = new AcquiredTask(acquisition);
    // Before any output, so that an output without a position always means a lost changelog.
    if (acquisition.position === undefined) await task.writePosition();
    return task;
  }

  /** The next offset of the source to handle. */
  get sourceNext(): Offset {
    return this.#position.sourceNext;
  }

  get hasWork(): boolean {
    return this.#logic.hasWork?.() ?? false;
  }

  get hasTick(): boolean {
    return this.#logic.tick !== undefined;
  }

  process(records: readonly StreamRecord[], sourceNext: Offset): Promise<void> {
    return this.#transact(sourceNext, (context) => {
      this.#logic.process(records, context);
    });
  }

  work(): Promise<void> {
    return this.#transact(this.sourceNext, (context) => {
      this.#logic.work?.(context);
    });
  }

  async tick(): Promise<void> {
    // The position record again, for its append time: the broker's clock, the only one that counts.
    const brokerTimeMs = await this.writePosition();
    await this.#transact(this.sourceNext, (context) => {
      this.#logic.tick?.(brokerTimeMs, context);
    });
  }

  /** @returns the broker's append time */
  async writePosition(): Promise<number> {
    await this.#writer.begin();
    const { appendTimeMs } = await this.#writer.send(this.#changelog, [toOutputRecord(this.#position)]);
    await this.#writer.commit();
    return appendTimeMs;
  }

  /** One turn of the cycle. Any failure from 3 to 7, or an unknown outcome, leaves this object to be thrown away. */
  async #transact(sourceNext: Offset, handle: (context: TransactionContext<P>) => void): Promise<void> {
    // 2 · process into the overlay (1, continuity, was checked by the loop)
    const buffer = this.#newBuffer();
    handle(buffer);
    const position = this.#positionAfter(sourceNext, buffer);
    const entries = [...this.#stores.values()].flatMap((store) => [...store.changes()]);
    if (entries.length === 0 && buffer.outputs.size === 0 && isSamePlace(position, this.#position)) return;
    // 3 · begin
    await this.#writer.begin();
    // 4 · outputs, changed state and ONE position record
    const outputEnds = { ...this.#position.outputEnds, ...(await this.#sendOutputs(buffer)) };
    const written = { ...position, outputEnds };
    await this.#writer.send(this.#changelog, [...entries, written].map(toOutputRecord));
    await this.#sendReceipt(written, buffer.partitionState());
    // 5 · group offsets, for lag tools only
    const source = { topic: this.#definition.source, partition: this.#partition };
    await this.#writer.sendOffset(this.#definition.applicationId, source, sourceNext);
    // 6 · commit
    await this.#writer.commit();
    // 7 · merge the overlay
    for (const store of this.#stores.values()) store.mergeOverlay();
    this.#position = written;
  }

  #newBuffer(): TransactionBuffer<P> {
    const { source, outputs, deadLetters } = this.#definition;
    return new TransactionBuffer<P>({
      source: { topic: source, partition: this.#partition },
      outputs,
      deadLetters,
      partitionState: this.#position.partitionState as P | undefined,
    });
  }

  #positionAfter(sourceNext: Offset, buffer: TransactionBuffer<P>): PositionRecord {
    return {
      ...this.#position,
      sourceNext,
      transaction: this.#position.transaction + 1,
      partitionState: buffer.partitionState(),
    };
  }

  async #sendOutputs(buffer: TransactionBuffer<P>): Promise<Record<string, Offset>> {
    const ends: Record<string, Offset> = {};
    for (const [topic, records] of buffer.outputs)
      ends[topic] = (await this.#writer.send({ topic, partition: this.#partition }, records)).endOffset;
    return ends;
  }

  async #sendReceipt(
    { sourceNext, outputEnds }: PositionRecord,
    partitionState: P | undefined,
  ): Promise<void> {
    const partition = this.#partition;
    const receipt = this.#definition.receipt?.({ partition, sourceNext, outputEnds, partitionState });
    if (receipt !== undefined) await this.#writer.send({ topic: receipt.topic, partition }, [receipt.record]);
  }

  get #changelog(): TopicPartition {
    return { topic: this.#definition.changelog, partition: this.#partition };
  }

  /** Releases the writer. Never fails. */
  async release(): Promise<void> {
    await this.#writer.discard();
  }
}

const isSamePlace = (a: PositionRecord, b: PositionRecord): boolean =>
  a.sourceNext === b.sourceNext && a.partitionState === b.partitionState;

const storesByName = <S extends StoreSpecs>(
  specs: S,
  stores: ReadonlyMap<string, TransactionalStore<unknown>>,
): StoresOf<S> =>
  Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const store = stores.get(spec.name);
      if (store === undefined) throw new StreamsError('FATAL', `No store ${spec.name}`);
      return [name, store];
    }),
    // Object.fromEntries forgets which name had which value; the line above keeps them together.
  ) as unknown as StoresOf<S>;
