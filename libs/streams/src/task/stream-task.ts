import { setTimeout as sleep } from 'node:timers/promises';
import { Continuity } from '../continuity.js';
import { nextOffset, offsetOf, type Offset } from '../offset.js';
import type { RecordBatch, StreamRecord } from '../records.js';
import type { StreamLogger } from '../stream-logger.js';
import { asStreamsError, fateOf, StreamsError } from '../streams-error.js';
import { acquire, taskIdOf } from './acquire.js';
import type { AcquiredTask } from './acquired-task.js';
import { mailbox } from './mailbox.js';
import type { ServiceDefinition, StoreSpecs } from './service-definition.js';
import type { TaskLog, TaskSource } from './task-log.js';
import { moveTo, type TaskState } from './task-state.js';

/** Upper limit of records handled in one transaction. */
const MAX_RECORDS_PER_TRANSACTION = 5_000;
/** How often others may fence a task, without its handling anything in between, before its process gives up. */
const MAX_FENCED = 10;
const FIRST_BACKOFF_MS = 100;
const LAST_BACKOFF_MS = 5_000;

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
  readonly #init: StreamTaskInit<S, P>;
  readonly #taskId: string;
  readonly #inbox = mailbox<RecordBatch, 'applied' | 'dropped'>();
  readonly #loop: Promise<void>;
  #state: TaskState = 'assigned';
  #isClosing = false;
  #acquired: AcquiredTask<S, P> | undefined;
  #continuity = new Continuity(offsetOf(0));
  /** Failures since the last success. */
  #failures = 0;
  /** Fencings by others since the last batch that was handled. */
  #fenced = 0;

  constructor(init: StreamTaskInit<S, P>) {
    this.#init = init;
    this.#taskId = taskIdOf(init.definition, init.partition);
    this.#loop = this.#live();
  }

  get status(): TaskStatus {
    return {
      taskId: this.#taskId,
      partition: this.#init.partition,
      state: this.#state,
      sourceNext: this.#acquired?.sourceNext,
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
    if (this.#state === 'running') this.#continuity.advanceTo(next);
  }

  /** The group joined again and the task stays: had anybody else run it, its next commit would fail before any effect. */
  keep(): void {
    if (this.#state === 'running') this.#init.source.resumeAt(this.#continuity.next);
  }

  /** Finishes the open transaction, then releases everything. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#inbox.wake();
    await this.#loop;
  }

  async #live(): Promise<void> {
    // Whoever made the task gets hold of it before anything happens.
    await Promise.resolve();
    while (!this.#isClosing) {
      try {
        this.#acquired = await this.#acquire();
        await this.#run(this.#acquired);
      } catch (cause) {
        const error = asStreamsError(cause, this.#taskId);
        // At once: a batch offered from here on would wait for nobody, and the consumer for the batch.
        this.#move('fencing');
        this.#init.source.pause();
        await this.#drop();
        // Closing while restoring makes the restore fail: nothing to report.
        if (this.#mustClose()) break;
        this.#failures += 1;
        this.#fenced = error.code === 'FENCED' ? this.#fenced + 1 : 0;
        if (fateOf(error.code) !== 'fence' || this.#fenced > MAX_FENCED) {
          this.#giveUp(error);
          break;
        }
        await this.#backOff(error);
      }
    }
    await this.#drop();
    if (this.#state !== 'quarantined') this.#move('closed');
  }

  #acquire(): Promise<AcquiredTask<S, P>> {
    const { definition, partition, log, source, logger } = this.#init;
    this.#move('fencing');
    source.pause();
    return acquire({
      definition,
      partition,
      log,
      logger,
      onRestoring: () => {
        this.#move('restoring');
      },
    });
  }

  async #run(acquired: AcquiredTask<S, P>): Promise<void> {
    const { tickIntervalMs } = this.#init.definition;
    this.#continuity = new Continuity(acquired.sourceNext);
    this.#move('running');
    this.#init.source.resumeAt(acquired.sourceNext);
    // An idle partition must notice at once that the day has changed while nobody ran.
    let isTickDue = true;
    while (!this.#isClosing) {
      const batch = this.#inbox.peek();
      if (batch !== undefined) this.#inbox.settle(await this.#handle(acquired, batch));
      else if (isTickDue && acquired.hasTick) await acquired.tick();
      isTickDue = false;
      this.#failures = 0;
      if (acquired.hasWork) await acquired.work();
      else isTickDue = (await this.#inbox.wait(tickIntervalMs)) === 'timeout';
    }
  }

  async #handle(acquired: AcquiredTask<S, P>, batch: RecordBatch): Promise<'applied' | 'dropped'> {
    if (!(await this.#isContinuous(batch))) return 'dropped';
    const { records, nextOffset: batchEnd } = batch;
    await this.#init.definition.prepare?.(records);
    for (let start = 0; start < records.length; start += MAX_RECORDS_PER_TRANSACTION) {
      const chunk = records.slice(start, start + MAX_RECORDS_PER_TRANSACTION);
      const isLast = start + MAX_RECORDS_PER_TRANSACTION >= records.length;
      await acquired.process(chunk, isLast ? batchEnd : afterLast(chunk));
    }
    this.#continuity.advanceTo(batchEnd);
    this.#fenced = 0;
    return 'applied';
  }

  // 1 · check continuity
  async #isContinuous({ topic, partition, fetchedOffset }: RecordBatch): Promise<boolean> {
    const { next } = this.#continuity;
    switch (this.#continuity.check(fetchedOffset)) {
      case 'continues':
        return true;
      case 'jumped':
        this.#init.source.resumeAt(next);
        return false;
      case 'lost': {
        const { low } = await this.#init.log.offsetsOf({ topic, partition });
        throw new StreamsError(
          low > next ? 'SOURCE_TRUNCATED' : 'STATE_CORRUPTED',
          `${topic}/${partition} continues at ${fetchedOffset}, but ${next} is next`,
        );
      }
    }
  }

  // After a fencing by somebody else the group must confirm the partition first, or two owners fence each other for ever.
  async #backOff(error: StreamsError): Promise<void> {
    const waitMs = Math.min(FIRST_BACKOFF_MS * 2 ** (this.#failures - 1), LAST_BACKOFF_MS);
    this.#init.logger.warn(
      { err: error, taskId: this.#taskId, code: error.code, waitMs },
      'transaction given up, fencing again',
    );
    const confirmed = error.code === 'FENCED' ? this.#init.source.ownershipConfirmed() : Promise.resolve();
    await sleep(waitMs);
    await confirmed;
  }

  #giveUp(error: StreamsError): void {
    if (fateOf(error.code) !== 'quarantine') {
      this.#init.onFatal(error);
      return;
    }
    this.#move('quarantined');
    this.#init.logger.error(
      { err: error, taskId: this.#taskId, code: error.code },
      'quarantined: this task is stopped, the others go on',
    );
  }

  async #drop(): Promise<void> {
    this.#inbox.settle('dropped');
    const acquired = this.#acquired;
    this.#acquired = undefined;
    await acquired?.release();
  }

  // A function, because the flag changes while the loop waits.
  #mustClose(): boolean {
    return this.#isClosing;
  }

  #move(to: TaskState): void {
    this.#state = moveTo(this.#state, to);
    this.#init.logger.debug({ taskId: this.#taskId, state: to }, 'task state');
  }
}

const afterLast = (records: readonly StreamRecord[]): Offset =>
  nextOffset(records.at(-1)?.offset ?? offsetOf(-1));
