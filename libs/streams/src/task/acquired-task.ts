import type { Clock } from '../clock.js';
import { offsetOf, type Offset } from '../offset.js';
import { bytesOfAll, type TopicPartition } from '../records.js';
import { toOutputRecord, type PositionRecord } from '../state/changelog-record.js';
import { StreamsError } from '../streams-error.js';
import type { DeadLetterRate } from './dead-letter-rate.js';
import type { Slice } from './inbox.js';
import type { ReadableStore } from '../state/key-value-store.js';
import type { ServiceDefinition, StoreSpecs, StoresOf, TaskLogic } from './service-definition.js';
import type { TransactionalWriter } from './task-log.js';
import { ToldOffset } from './told-offset.js';
import type { TaskMemory } from './task-memory.js';
import type { TaskEvent } from './task-observer.js';
import { TransactionBuffer } from './transaction-buffer.js';
import type { TransactionLimits } from './transaction-limits.js';

/** Records handed to a handler at once; between two slices the transaction's limits are checked. */
const SLICE_RECORDS = 500;
/** Handlers never keep the event loop for longer than this and one slice, in milliseconds. */
const TURN_MS = 20;

/**
 * Work that no record asks for is handed to the log in small portions: records of the source wait for each of them, those of the
 * process's other tasks, too. Milliseconds that its steps may take, and distinct keys they may change: encoding these takes as long again.
 */
const WORK_MS = 10;
const WORK_KEYS = 400;

/**
 * How long a transaction waits for what is being fetched, each time, and until when after its beginning, in milliseconds. Shorter is
 * no wait at all while the other tasks of the process keep it busy.
 */
const LINGER_MS = 200;
const LINGER_UNTIL_MS = 800;

/** The position of a task that has never committed anything. */
const FIRST_POSITION: PositionRecord = Object.freeze({
  kind: 'position',
  sourceNext: offsetOf(0),
  transaction: 0,
  outputEnds: {},
  partitionState: undefined,
  state: undefined,
});

/** Where a transaction takes its records from. */
export interface Intake {
  /** Up to so many records; undefined when nothing waits. */
  take(records: number): Slice | undefined;
  /** Resolves when something waits, or after the time limit; at once when there is nothing more to read, as far as is known. */
  more(timeoutMs: number): Promise<void>;
}

/** What an acquired task works with. */
export interface AcquiredTaskInit<S extends StoreSpecs, P> {
  readonly definition: ServiceDefinition<S, P>;
  readonly partition: number;
  readonly writer: TransactionalWriter;
  readonly memory: TaskMemory;
  /** What a transaction may grow to now. */
  readonly limits: () => TransactionLimits;
  readonly deadLetterRate: DeadLetterRate;
  readonly clock: Clock;
  readonly observe: (event: TaskEvent) => void;
}

/**
 * A task between its restore and its next failure: the writer that owns it, its memory and its logic. After any failure
 * the writer and the logic are thrown away; the memory holds only what was committed for certain, and stays.
 */
export class AcquiredTask<S extends StoreSpecs, P> {
  readonly #init: AcquiredTaskInit<S, P>;
  readonly #logic: TaskLogic<S, P>;
  readonly #toldOffset: ToldOffset;
  /** The broker's clock when it last told. */
  #brokerTimeMs = 0;

  private constructor(init: AcquiredTaskInit<S, P>) {
    const { definition, partition, memory, writer, clock } = init;
    this.#init = init;
    const source = { topic: definition.source, partition };
    this.#toldOffset = new ToldOffset({ writer, clock, groupId: definition.applicationId, source });
    this.#logic = definition.logicOf({
      partition,
      stores: storesByName(definition.stores, memory),
      partitionState: memory.position?.partitionState as P | undefined,
    });
  }

  static async from<S extends StoreSpecs, P>(init: AcquiredTaskInit<S, P>): Promise<AcquiredTask<S, P>> {
    const task = new AcquiredTask(init);
    // Before any output, so that an output without a position always means a lost changelog.
    if (init.memory.position === undefined) await task.#writePosition();
    return task;
  }

  /** The next offset of the source to handle. */
  get sourceNext(): Offset {
    return this.#position.sourceNext;
  }

  /** The offset of the changelog behind the last record of ours; only a marker may follow. */
  get changelogNext(): Offset {
    return this.#init.memory.changelogNext;
  }

  get hasWork(): boolean {
    return this.#logic.hasWork?.() ?? false;
  }

  /** Whether the group was told of less than is handled. */
  get owesOffset(): boolean {
    return this.#toldOffset.isOwed(this.sourceNext);
  }

  get hasTick(): boolean {
    return this.#logic.tick !== undefined;
  }

  /** Handles what waits, slice by slice, until nothing does or the transaction is large enough. */
  async process(intake: Intake): Promise<void> {
    const { definition, clock } = this.#init;
    const limits = this.#init.limits();
    const startedMs = clock.nowMs();
    const buffer = this.#newBuffer();
    let lastTurnMs = startedMs;
    let sourceNext = this.sourceNext;
    let records = 0;
    for (;;) {
      const most = Math.min(SLICE_RECORDS, limits.maxRecords - records);
      const slice = intake.take(most) ?? (await this.#linger(intake, most, startedMs));
      if (slice === undefined) break;
      await definition.prepare?.(slice.records);
      buffer.appendTimeMs = slice.records.at(-1)?.appendTimeMs ?? buffer.appendTimeMs;
      this.#logic.process(slice.records, buffer);
      records += slice.records.length;
      ({ sourceNext } = slice);
      const nowMs = clock.nowMs();
      if (this.#isLargeEnough(limits, buffer, records, nowMs - startedMs)) break;
      if (nowMs - lastTurnMs > TURN_MS) {
        await clock.turn();
        lastTurnMs = clock.nowMs();
      }
    }
    await this.#transact({ buffer, sourceNext, records, startedMs });
  }

  /** A task that is behind waits for what is being fetched: the larger a transaction, the less it writes for each record. */
  async #linger(intake: Intake, most: number, startedMs: number): Promise<Slice | undefined> {
    if (this.#init.clock.nowMs() - startedMs >= LINGER_UNTIL_MS) return undefined;
    await intake.more(LINGER_MS);
    return intake.take(most);
  }

  /** As many steps of work as make a small transaction. */
  async work(): Promise<void> {
    const { clock } = this.#init;
    const limits = workLimits(this.#init.limits());
    const startedMs = clock.nowMs();
    const buffer = this.#newBuffer();
    do this.#logic.work?.(buffer);
    while (this.hasWork && !this.#isLargeEnough(limits, buffer, 0, clock.nowMs() - startedMs));
    await this.#transact({ buffer, sourceNext: this.sourceNext, records: 0, startedMs });
    // Steps that changed nothing have waited for nothing.
    await clock.turn();
  }

  async tick(): Promise<void> {
    const startedMs = this.#init.clock.nowMs();
    // The position record again, for its append time: the broker's clock, the only one that counts.
    await this.#writePosition();
    const buffer = this.#newBuffer();
    this.#logic.tick?.(buffer);
    await this.#transact({ buffer, sourceNext: this.sourceNext, records: 0, startedMs });
  }

  /** Tells the group how much is handled, for lag tools. */
  tellOffset(): Promise<void> {
    return this.#toldOffset.tell(this.sourceNext);
  }

  /** Releases the writer and forgets what was not committed. Never fails. */
  async release(): Promise<void> {
    this.#init.memory.stores.dropOverlay();
    await this.#init.writer.discard();
  }

  async #writePosition(): Promise<void> {
    const { writer, memory } = this.#init;
    await writer.begin([this.#changelog]);
    const position = { ...this.#position, state: memory.stores.summary() };
    const sent = await writer.send(this.#changelog, [toOutputRecord(position)]);
    await writer.commit();
    memory.position = position;
    memory.changelogNext = sent.endOffset;
    this.#brokerTimeMs = sent.appendTimeMs;
  }

  /** One turn of the cycle. Any failure from 3 to 7, or an unknown outcome, leaves this object to be thrown away. */
  async #transact({ buffer, sourceNext, records, startedMs }: Handled<S, P>): Promise<void> {
    // 2 · process into the overlay (1, continuity, was checked before; the records were handled by the caller)
    this.#logic.finish?.(buffer);
    const { writer, memory, clock, deadLetterRate } = this.#init;
    const { records: changedEntries, summary } = memory.stores.changes();
    const position = this.#positionAfter(sourceNext, buffer);
    if (changedEntries.length === 0 && buffer.outputs.size === 0 && isSamePlace(position, this.#position))
      return;
    deadLetterRate.check(buffer.deadLetterTimesMs);
    // 3 · begin
    await writer.begin(this.#targetsOf(buffer));
    // 4 · outputs, then changed state and ONE position record, which tells where they end
    const outputEnds = { ...this.#position.outputEnds, ...(await this.#sendOutputs(buffer)) };
    const written: PositionRecord = { ...position, outputEnds, state: summary };
    const changes = [...changedEntries, toOutputRecord(written)];
    const [sent] = await Promise.all([
      writer.send(this.#changelog, changes),
      this.#sendReceipt(written, buffer.partitionState()),
      // 5 · group offset, for lag tools only
      this.#toldOffset.tellWhenDue(sourceNext),
    ]);
    // 6 · commit
    await this.#commit(written.transaction);
    // 7 · merge the overlay
    memory.stores.mergeOverlay();
    memory.position = written;
    memory.changelogNext = sent.endOffset;
    this.#brokerTimeMs = Math.max(this.#brokerTimeMs, sent.appendTimeMs);
    deadLetterRate.record(buffer.deadLetterTimesMs);
    this.#init.observe({
      kind: 'committed',
      records,
      outputs: sumOf(buffer.outputs, ({ length }) => length),
      changedKeys: changedEntries.length,
      bytes: buffer.bytes + bytesOfAll(changes),
      durationMs: clock.nowMs() - startedMs,
      deadLetters: buffer.deadLetters,
    });
  }

  async #commit(transaction: number): Promise<void> {
    const { writer, memory, observe } = this.#init;
    try {
      await writer.commit();
    } catch (error) {
      // A fenced commit was refused; any other failure leaves open whether it happened.
      if (!(error instanceof StreamsError && error.code === 'FENCED')) {
        memory.unansweredTransaction = transaction;
        observe({ kind: 'outcome-unknown' });
      }
      throw error;
    }
  }

  #isLargeEnough(
    limits: TransactionLimits,
    buffer: TransactionBuffer<S, P>,
    records: number,
    handlingMs: number,
  ): boolean {
    return (
      records >= limits.maxRecords ||
      this.#init.memory.stores.changedKeys >= limits.maxKeys ||
      buffer.bytes >= limits.maxBytes ||
      handlingMs >= limits.maxHandlingMs
    );
  }

  #newBuffer(): TransactionBuffer<S, P> {
    const { definition, partition, memory } = this.#init;
    const { source, outputs, deadLetters, stores: specs } = definition;
    return new TransactionBuffer<S, P>({
      source: { topic: source, partition },
      outputs,
      deadLetters,
      specs,
      stores: memory.stores,
      partitionState: this.#position.partitionState as P | undefined,
      appendTimeMs: this.#brokerTimeMs,
    });
  }

  #positionAfter(sourceNext: Offset, buffer: TransactionBuffer<S, P>): PositionRecord {
    return {
      ...this.#position,
      sourceNext,
      transaction: this.#position.transaction + 1,
      partitionState: buffer.partitionState(),
    };
  }

  /** Everything a transaction will write to. */
  #targetsOf({ outputs }: TransactionBuffer<S, P>): readonly TopicPartition[] {
    const { definition, partition } = this.#init;
    const topics = new Set([...outputs.keys(), definition.changelog]);
    if (definition.receipt !== undefined) topics.add(definition.receipt.topic);
    return Array.from(topics, (topic) => ({ topic, partition }));
  }

  async #sendOutputs(buffer: TransactionBuffer<S, P>): Promise<Record<string, Offset>> {
    const { partition, writer } = this.#init;
    const ends = Array.from(buffer.outputs, async ([topic, records]): Promise<[string, Offset]> => {
      const { endOffset } = await writer.send({ topic, partition }, records);
      return [topic, endOffset];
    });
    return Object.fromEntries(await Promise.all(ends));
  }

  async #sendReceipt(
    { sourceNext, outputEnds }: PositionRecord,
    partitionState: P | undefined,
  ): Promise<void> {
    const { definition, partition, writer } = this.#init;
    const { receipt } = definition;
    if (receipt === undefined) return;
    const record = receipt.recordOf({ partition, sourceNext, outputEnds, partitionState });
    await writer.send({ topic: receipt.topic, partition }, [record]);
  }

  get #position(): PositionRecord {
    return this.#init.memory.position ?? FIRST_POSITION;
  }

  get #changelog(): TopicPartition {
    return { topic: this.#init.definition.changelog, partition: this.#init.partition };
  }
}

/** What handlers have done, to be made one transaction. */
interface Handled<S extends StoreSpecs, P> {
  readonly buffer: TransactionBuffer<S, P>;
  readonly sourceNext: Offset;
  readonly records: number;
  readonly startedMs: number;
}

const workLimits = (limits: TransactionLimits): TransactionLimits => ({
  ...limits,
  maxKeys: Math.min(limits.maxKeys, WORK_KEYS),
  maxHandlingMs: Math.min(limits.maxHandlingMs, WORK_MS),
});

const isSamePlace = (a: PositionRecord, b: PositionRecord): boolean =>
  a.sourceNext === b.sourceNext && a.partitionState === b.partitionState;

const sumOf = <V>(map: ReadonlyMap<string, V>, amountOf: (value: V) => number): number => {
  let sum = 0;
  for (const value of map.values()) sum += amountOf(value);
  return sum;
};

const storesByName = <S extends StoreSpecs>(specs: S, { stores }: TaskMemory): StoresOf<S> =>
  Object.fromEntries(
    Object.entries(specs).map(([name, spec]): [string, ReadableStore<unknown>] => [
      name,
      stores.store(spec.name),
    ]),
    // Object.fromEntries forgets which name had which value; the line above keeps them together.
  ) as unknown as StoresOf<S>;
