import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { nextOffset, offsetOf, type Offset } from '../offset.js';
import type { RecordBatch, StreamRecord, TopicPartition } from '../records.js';
import { toOutputRecord, type PositionRecord } from '../state/changelog-record.js';
import { TransactionalStore } from '../state/key-value-store.js';
import type { StreamLogger } from '../stream-logger.js';
import { asStreamsError, fateOf, StreamsError } from '../streams-error.js';
import { mailbox } from './mailbox.js';
import { restoreInto } from './restore.js';
import type {
  ServiceDefinition,
  StoresOf,
  StoreSpecs,
  TaskLogic,
  TransactionContext,
} from './service-definition.js';
import type { TaskLog, TaskSource, TransactionalWriter } from './task-log.js';
import { moveTo, type TaskState } from './task-state.js';
import { TransactionBuffer } from './transaction-buffer.js';

/** Upper limit of records handled in one transaction. */
const MAX_RECORDS_PER_TRANSACTION = 5_000;
/** How often in a row others may fence a task before its process gives up. */
const MAX_FENCED = 10;
/** A jump in the source this many times in a row means that records are gone. */
const MAX_JUMPS = 2;
const FIRST_BACKOFF_MS = 100;
const LAST_BACKOFF_MS = 5_000;

const FIRST_POSITION: PositionRecord = Object.freeze({
  kind: 'position',
  sourceNext: offsetOf(0),
  transaction: 0,
  outputEnds: {},
  partitionState: undefined,
});

export interface StreamTaskInit<S extends StoreSpecs, P> {
  readonly definition: ServiceDefinition<S, P>;
  readonly partition: number;
  readonly log: TaskLog;
  readonly source: TaskSource;
  readonly logger: StreamLogger;
  /** The task met something its process must not survive. */
  onFatal(error: StreamsError): void;
}

/** What a task tells about itself. */
export interface TaskStatus {
  readonly taskId: string;
  readonly partition: number;
  readonly state: TaskState;
  readonly sourceNext: Offset | undefined;
}

/** One copy of a service's logic for one partition number. Runs a loop of its own until closed. */
export class StreamTask<S extends StoreSpecs, P> {
  readonly taskId: string;
  readonly #init: StreamTaskInit<S, P>;
  readonly #inbox = mailbox<RecordBatch, 'applied' | 'dropped'>();
  readonly #changelog: TopicPartition;
  readonly #source: TopicPartition;
  readonly #logger: StreamLogger;
  readonly #loop: Promise<void>;
  #state: TaskState = 'assigned';
  #isClosing = false;
  #stores = new Map<string, TransactionalStore<unknown>>();
  #logic: TaskLogic<P> | undefined;
  #writer: TransactionalWriter | undefined;
  #position: PositionRecord | undefined;
  /** Where the next batch must begin. */
  #expected = offsetOf(0);
  #jumps = 0;

  constructor(init: StreamTaskInit<S, P>) {
    const { definition, partition } = init;
    this.#init = init;
    this.taskId = `${definition.applicationId}-${partition}`;
    this.#changelog = { topic: definition.changelog, partition };
    this.#source = { topic: definition.source, partition };
    this.#logger = init.logger;
    this.#loop = this.#live();
  }

  get status(): TaskStatus {
    const { taskId } = this;
    return {
      taskId,
      partition: this.#init.partition,
      state: this.#state,
      sourceNext: this.#position?.sourceNext,
    };
  }

  /** A batch of the source. Dropped batches have to be fetched again, from where the task then asks for. */
  offer(batch: RecordBatch): Promise<'applied' | 'dropped'> {
    return this.#state === 'running' && !this.#isClosing
      ? this.#inbox.offer(batch)
      : Promise.resolve('dropped');
  }

  /** Offsets before `next` held nothing to read. */
  skipTo(next: Offset): void {
    if (this.#state === 'running' && next > this.#expected) this.#expected = next;
  }

  /** The group joined again and the task stays: had anybody else run it, its next commit would fail before any effect. */
  keep(): void {
    if (this.#state === 'running') this.#init.source.resumeAt(this.#expected);
  }

  /** Finishes the open transaction, then releases everything. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#inbox.wake();
    await this.#loop;
  }

  async #live(): Promise<void> {
    let failures = 0;
    let fenced = 0;
    // Let the constructor's caller keep the task before anything happens.
    await Promise.resolve();
    while (!this.#isClosing) {
      try {
        await this.#fence();
        await this.#restore();
        failures = 0;
        await this.#run();
      } catch (cause) {
        const error = asStreamsError(cause, this.taskId);
        await this.#dropEverything();
        // A close that interrupts a restore fails it: nothing to report.
        if (this.#mustClose()) break;
        if (fateOf(error.code) !== 'fence') {
          this.#giveUp(error);
          break;
        }
        failures += 1;
        fenced = error.code === 'FENCED' ? fenced + 1 : 0;
        if (fenced > MAX_FENCED) {
          this.#giveUp(
            new StreamsError('FATAL', `${this.taskId} was fenced ${fenced} times in a row`, { cause: error }),
          );
          break;
        }
        await this.#backOff(error, failures);
      }
    }
    await this.#dropEverything();
    if (this.#state !== 'quarantined') this.#move('closed');
  }

  // After a fencing by somebody else the group must confirm the partition first, or two owners fence each other for ever.
  async #backOff(error: StreamsError, failures: number): Promise<void> {
    const waitMs = Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LAST_BACKOFF_MS);
    this.#logger.warn(
      { err: error, taskId: this.taskId, code: error.code, waitMs },
      'transaction given up, fencing again',
    );
    const confirmed = error.code === 'FENCED' ? this.#init.source.ownershipConfirmed() : Promise.resolve();
    await sleep(waitMs);
    await confirmed;
  }

  #giveUp(error: StreamsError): void {
    if (fateOf(error.code) === 'quarantine') {
      this.#move('quarantined');
      this.#logger.error(
        { err: error, taskId: this.taskId, code: error.code },
        'quarantined: this task is stopped, the others go on',
      );
      return;
    }
    this.#init.onFatal(error);
  }

  async #fence(): Promise<void> {
    this.#move('fencing');
    this.#init.source.pause();
    this.#writer = await this.#init.log.fence(this.taskId);
  }

  async #restore(): Promise<void> {
    const { definition, partition, log } = this.#init;
    const nonce = randomBytes(16);
    const sent = await this.#sendBarrier(nonce);
    this.#move('restoring');
    const startedMs = performance.now();
    this.#stores = new Map(
      Object.values(definition.stores).map((spec) => [
        spec.name,
        new TransactionalStore<unknown>(spec as never),
      ]),
    );
    const restore = restoreInto(this.#stores, { nonce, offset: sent });
    let records = 0;
    await log.readChangelog(this.#changelog, sent, (batch) => {
      records += batch.length;
      restore.add(batch);
    });
    this.#position = restore.finish();
    await this.#checkAgainstLog();
    const stores = Object.fromEntries(
      Object.entries(definition.stores).map(([name, spec]) => [name, this.#stores.get(spec.name)]),
    ) as unknown as StoresOf<S>;
    const partitionState = this.#position?.partitionState as P | undefined;
    this.#logic = definition.logicOf({ partition, stores, partitionState });
    this.#logger.info(
      {
        taskId: this.taskId,
        records,
        restoreMs: Math.round(performance.now() - startedMs),
        sourceNext: this.#position?.sourceNext,
      },
      'restored',
    );
  }

  async #sendBarrier(nonce: Buffer): Promise<Offset> {
    const writer = this.#owned();
    await writer.begin();
    const sent = await writer.send(this.#changelog, [toOutputRecord({ kind: 'barrier', nonce })]);
    await writer.commit();
    return sent.firstOffset;
  }

  async #checkAgainstLog(): Promise<void> {
    const { log, definition, partition } = this.#init;
    const { topic } = this.#source;
    const position = this.#position?.sourceNext ?? offsetOf(0);
    const { low, high } = await log.offsetsOf(this.#source);
    if (low > position || high < position)
      throw new StreamsError(
        'SOURCE_TRUNCATED',
        `${topic}/${partition} holds offsets ${low} to ${high}, ${position} is next`,
      );
    if (this.#position !== undefined) return;
    for (const output of definition.outputs) {
      const { high: end } = await log.offsetsOf({ topic: output, partition });
      if (end > 0)
        throw new StreamsError(
          'SOURCE_TRUNCATED',
          `${output}/${partition} has records, but ${this.#changelog.topic}/${partition} knows no position: the changelog is gone`,
        );
    }
  }

  async #run(): Promise<void> {
    const { definition, source } = this.#init;
    // Before any output, so that an output without a position always means a lost changelog.
    if (this.#position === undefined) await this.#writePosition(FIRST_POSITION);
    this.#expected = this.#position?.sourceNext ?? offsetOf(0);
    this.#jumps = 0;
    this.#move('running');
    source.resumeAt(this.#expected);
    // An idle partition must notice at once that the day has changed while nobody ran.
    let isTickDue = true;
    while (!this.#isClosing) {
      const batch = this.#inbox.peek();
      if (batch !== undefined) {
        this.#inbox.settle(await this.#handle(batch));
        isTickDue = false;
      } else if (isTickDue) {
        await this.#tick();
        isTickDue = false;
      }
      if (this.#logic?.hasWork?.()) await this.#work();
      else {
        const waitedFromMs = performance.now();
        await this.#inbox.wait(definition.tickIntervalMs);
        isTickDue = performance.now() - waitedFromMs >= definition.tickIntervalMs;
      }
    }
  }

  async #handle(batch: RecordBatch): Promise<'applied' | 'dropped'> {
    if (!(await this.#isContinuous(batch))) return 'dropped';
    await this.#init.definition.prepare?.(batch.records);
    const { records } = batch;
    for (let start = 0; start < records.length; start += MAX_RECORDS_PER_TRANSACTION) {
      const chunk = records.slice(start, start + MAX_RECORDS_PER_TRANSACTION);
      const isLast = start + MAX_RECORDS_PER_TRANSACTION >= records.length;
      await this.#transact(isLast ? batch.nextOffset : afterLast(chunk), (context) => {
        this.#logic?.process(chunk, context);
      });
    }
    this.#expected = batch.nextOffset;
    return 'applied';
  }

  async #isContinuous(batch: RecordBatch): Promise<boolean> {
    if (batch.fetchedOffset === this.#expected) {
      this.#jumps = 0;
      return true;
    }
    this.#jumps += 1;
    const { topic, partition } = this.#source;
    if (this.#jumps >= MAX_JUMPS) {
      const { low } = await this.#init.log.offsetsOf(this.#source);
      throw new StreamsError(
        low > this.#expected ? 'SOURCE_TRUNCATED' : 'STATE_CORRUPTED',
        `${topic}/${partition} continues at ${batch.fetchedOffset} where ${this.#expected} is next`,
      );
    }
    this.#init.source.resumeAt(this.#expected);
    return false;
  }

  async #tick(): Promise<void> {
    if (this.#logic?.tick === undefined) return;
    // The position record again, for its append time: the broker's clock, the only one that counts.
    const brokerTimeMs = await this.#writePosition(this.#position ?? FIRST_POSITION);
    await this.#transact(this.#expected, (context) => {
      this.#logic?.tick?.(brokerTimeMs, context);
    });
  }

  /** @returns the broker's append time */
  async #writePosition(position: PositionRecord): Promise<number> {
    const writer = this.#owned();
    await writer.begin();
    const { appendTimeMs } = await writer.send(this.#changelog, [toOutputRecord(position)]);
    await writer.commit();
    this.#position = position;
    return appendTimeMs;
  }

  async #work(): Promise<void> {
    await this.#transact(this.#expected, (context) => {
      this.#logic?.work?.(context);
    });
  }

  /** One turn of the cycle. Any failure from 3 to 7, or an unknown outcome, leaves overlay and writer to be dropped. */
  async #transact(sourceNext: Offset, handle: (context: TransactionContext<P>) => void): Promise<void> {
    const { definition, partition } = this.#init;
    const writer = this.#owned();
    // 2 · process into the overlay
    const before = this.#position?.partitionState as P | undefined;
    const buffer = new TransactionBuffer<P>({
      source: this.#source,
      outputs: definition.outputs,
      deadLetters: definition.deadLetters,
      partitionState: before,
    });
    handle(buffer);
    const entries = [...this.#stores.values()].flatMap((store) => [...store.changes()]);
    const isMoved = sourceNext !== this.#position?.sourceNext;
    if (!isMoved && buffer.outputs.size === 0 && entries.length === 0 && buffer.partitionState() === before)
      return;
    // 3 · begin
    await writer.begin();
    // 4 · outputs, changed state and ONE position record
    const outputEnds: Record<string, Offset> = { ...this.#position?.outputEnds };
    for (const [topic, records] of buffer.outputs)
      outputEnds[topic] = (await writer.send({ topic, partition }, records)).endOffset;
    const position: PositionRecord = {
      kind: 'position',
      sourceNext,
      transaction: (this.#position?.transaction ?? 0) + 1,
      outputEnds,
      partitionState: buffer.partitionState(),
    };
    await writer.send(this.#changelog, [...entries, position].map(toOutputRecord));
    const receipt = definition.receipt?.({
      partition,
      sourceNext,
      outputEnds,
      partitionState: buffer.partitionState(),
    });
    if (receipt !== undefined) await writer.send({ topic: receipt.topic, partition }, [receipt.record]);
    // 5 · group offsets, for lag tools only
    await writer.sendOffset(definition.applicationId, this.#source, sourceNext);
    // 6 · commit
    await writer.commit();
    // 7 · merge the overlay
    for (const store of this.#stores.values()) store.mergeOverlay();
    this.#position = position;
  }

  async #dropEverything(): Promise<void> {
    this.#inbox.settle('dropped');
    this.#logic = undefined;
    this.#stores = new Map();
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.discard();
  }

  // A function, because the flag changes while the loop waits.
  #mustClose(): boolean {
    return this.#isClosing;
  }

  #owned(): TransactionalWriter {
    if (this.#writer === undefined) throw new StreamsError('FATAL', `${this.taskId} owns no transaction`);
    return this.#writer;
  }

  #move(to: TaskState): void {
    this.#state = moveTo(this.#state, to);
    this.#logger.debug({ taskId: this.taskId, state: to }, 'task state');
  }
}

const afterLast = (records: readonly StreamRecord[]): Offset =>
  nextOffset(records.at(-1)?.offset ?? offsetOf(-1));
