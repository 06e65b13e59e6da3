import { randomBytes } from 'node:crypto';
import { sleep, type Clock } from '../clock.js';
import { offsetOf, type Offset } from '../offset.js';
import type { RecordBatch } from '../records.js';
import type { StreamLogger } from '../stream-logger.js';
import { asStreamsError, fateOf, StreamsError } from '../streams-error.js';
import { acquire, taskIdOf } from './acquire.js';
import { AcquiredTask } from './acquired-task.js';
import { DeadLetterRate } from './dead-letter-rate.js';
import { FailureHistory } from './failure-history.js';
import type { ServiceDefinition, StoreSpecs } from './service-definition.js';
import { SourceFeed, type SourceGap } from './source-feed.js';
import type { TaskLog, TaskSource } from './task-log.js';
import type { TaskMemory } from './task-memory.js';
import type { TaskEvent, TaskObserver } from './task-observer.js';
import { moveTo, type TaskState } from './task-state.js';
import { TELL_EVERY_MS } from './told-offset.js';
import {
  DEFAULT_DEAD_LETTER_LIMIT,
  DEFAULT_LIMITS,
  type DeadLetterLimit,
  type TransactionLimits,
} from './transaction-limits.js';
import { WorkPace } from './work-pace.js';

const DEFAULT_TICK_INTERVAL_MS = 60_000;
const NONCE_BYTES = 16;

/** What a task needs besides its partition. */
export interface StreamTaskOptions<S extends StoreSpecs, P> {
  readonly definition: ServiceDefinition<S, P>;
  readonly clock: Clock;
  readonly logger: StreamLogger;
  readonly observer: TaskObserver;
  /** Default {@link DEFAULT_LIMITS}. */
  readonly limits?: TransactionLimits | undefined;
  /** Default {@link DEFAULT_DEAD_LETTER_LIMIT}. */
  readonly deadLetterLimit?: DeadLetterLimit | undefined;
  /** The task met something its process must not survive. */
  onFatal(error: StreamsError): void;
}

export interface StreamTaskInit<S extends StoreSpecs, P> extends StreamTaskOptions<S, P> {
  readonly partition: number;
  readonly log: TaskLog;
  readonly source: TaskSource;
  /** Resolves when this process's last task of the partition is closed: two of one process never race each other. */
  readonly predecessor: Promise<void>;
}

/** What a task tells about itself. */
export interface TaskStatus {
  readonly taskId: string;
  readonly partition: number;
  readonly state: TaskState;
  /** Undefined until it has been restored. */
  readonly sourceNext: Offset | undefined;
  /** Readable records of the source it has not handled, as far as it knows. */
  readonly lag: number;
  /** Append time of the last record it handled, in milliseconds since 1970. */
  readonly handledAppendTimeMs: number | undefined;
  /** Entries of its stores, and the memory they take. */
  readonly entries: number;
  readonly stateBytes: number;
}

/** One copy of a service's logic for one partition number. Runs a loop of its own until closed. */
export class StreamTask<S extends StoreSpecs, P> {
  readonly #init: StreamTaskInit<S, P>;
  readonly #taskId: string;
  readonly #limits: TransactionLimits;
  readonly #deadLetterRate: DeadLetterRate;
  readonly #failures: FailureHistory;
  readonly #feed: SourceFeed;
  readonly #loop: Promise<void>;
  #state: TaskState = 'assigned';
  #isClosing = false;
  #acquired: AcquiredTask<S, P> | undefined;
  #memory: TaskMemory | undefined;
  #isTailUnchecked = false;
  #handledAppendTimeMs: number | undefined;
  #isCaughtUp = false;

  constructor(init: StreamTaskInit<S, P>) {
    this.#init = init;
    this.#taskId = taskIdOf(init.definition, init.partition);
    this.#limits = init.limits ?? DEFAULT_LIMITS;
    this.#deadLetterRate = new DeadLetterRate(init.deadLetterLimit ?? DEFAULT_DEAD_LETTER_LIMIT);
    this.#failures = new FailureHistory(init.clock);
    const { source, clock, logger } = init;
    this.#feed = new SourceFeed({ taskId: this.#taskId, source, limits: this.#limits, clock, logger });
    this.#loop = this.#live();
  }

  get status(): TaskStatus {
    return {
      taskId: this.#taskId,
      partition: this.#init.partition,
      state: this.#state,
      sourceNext: this.#acquired?.sourceNext,
      lag: this.#feed.lagBehind(this.#acquired?.sourceNext ?? offsetOf(0)),
      handledAppendTimeMs: this.#handledAppendTimeMs,
      entries: this.#memory?.stores.entries ?? 0,
      stateBytes: this.#memory?.stores.allocatedBytes ?? 0,
    };
  }

  /** A batch of the source. Dropped ones have to be fetched again, from where the task then asks for. */
  offer(batch: RecordBatch): 'applied' | 'dropped' {
    return this.#state === 'running' && !this.#isClosing ? this.#feed.offer(batch) : 'dropped';
  }

  /** From `first` to before `next` there was nothing to read. */
  skip(first: Offset, next: Offset): void {
    if (this.#state === 'running') this.#feed.skip(first, next);
  }

  /**
   * The group joined again and the task stays, with its state: had anybody else run it, its next commit would fail
   * before any effect. The tail of its changelog is looked at all the same, so that it notices at once.
   */
  keep(): void {
    if (this.#state !== 'running') return;
    this.#feed.goOn();
    this.#isTailUnchecked = true;
    this.#feed.wake();
  }

  /** Finishes the open transaction, then releases everything. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#feed.wake();
    await this.#loop;
  }

  async #live(): Promise<void> {
    await this.#init.predecessor;
    while (!this.#isClosing) {
      try {
        this.#acquired = await this.#acquire();
        await this.#run(this.#acquired);
      } catch (cause) {
        const error = asStreamsError(cause, this.#taskId);
        // At once: what is offered from here on would wait for nobody.
        this.#move('fencing');
        this.#feed.pause();
        await this.#release();
        // Closing while restoring makes the restore fail: nothing to report.
        if (this.#mustClose()) break;
        this.#observe({ kind: 'aborted', code: error.code });
        this.#failures.add(error.code);
        if (fateOf(error.code) !== 'fence' || this.#failures.isFencedTooOften) {
          this.#giveUp(error);
          break;
        }
        await this.#backOff(error);
      }
    }
    await this.#release();
    if (this.#state !== 'quarantined') this.#move('closed');
  }

  async #acquire(): Promise<AcquiredTask<S, P>> {
    const { definition, partition, log, clock, logger } = this.#init;
    const observe = (event: TaskEvent): void => {
      this.#observe(event);
    };
    this.#move('fencing');
    this.#feed.pause();
    const { writer, memory, isCaughtUp } = await acquire(
      {
        definition,
        partition,
        log,
        clock,
        logger,
        observe,
        isWanted: () => !this.#isClosing,
        newNonce: () => randomBytes(NONCE_BYTES),
        onRestoring: () => {
          this.#move('restoring');
        },
      },
      this.#memory,
    );
    this.#memory = memory;
    this.#isCaughtUp = isCaughtUp;
    const deadLetterRate = this.#deadLetterRate;
    const limits = (): TransactionLimits => this.#failures.shrunk(this.#limits);
    try {
      const own = { definition, partition, clock, observe, limits, deadLetterRate };
      return await AcquiredTask.from({ ...own, writer, memory });
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  async #run(acquired: AcquiredTask<S, P>): Promise<void> {
    const { tickIntervalMs = DEFAULT_TICK_INTERVAL_MS } = this.#init.definition;
    this.#isTailUnchecked = false;
    this.#move('running');
    this.#feed.startAt(acquired.sourceNext);
    const pace = new WorkPace(this.#init.clock);
    // An idle partition must notice at once that the day has changed while nobody ran; one with a backlog reads that first.
    let isTickDue = this.#isCaughtUp;
    while (!this.#isClosing) {
      await this.#check(acquired);
      if (!this.#feed.isEmpty) await this.#process(acquired);
      else if (isTickDue && acquired.hasTick) await acquired.tick();
      isTickDue = false;
      if (!acquired.hasWork) isTickDue = await this.#isIdleFor(tickIntervalMs, acquired);
      else if (pace.restMs > 0) await this.#feed.wait(pace.restMs);
      else await pace.work(() => acquired.work());
    }
  }

  /** Waits for something to do; meanwhile tells the group what it was not told while there was more to do. */
  async #isIdleFor(timeMs: number, acquired: AcquiredTask<S, P>): Promise<boolean> {
    // A wait within the transaction may have taken the wake that was meant for this one.
    if (this.#mustClose() || this.#isTailUnchecked || this.#feed.gap !== undefined) return false;
    if (acquired.owesOffset) {
      if ((await this.#feed.wait(TELL_EVERY_MS)) !== 'timeout') return false;
      await acquired.tellOffset();
    }
    return (await this.#feed.wait(timeMs)) === 'timeout';
  }

  async #process(acquired: AcquiredTask<S, P>): Promise<void> {
    let appendTimeMs = this.#handledAppendTimeMs;
    await acquired.process({
      take: (records) => {
        const slice = this.#feed.take(records);
        appendTimeMs = slice?.records.at(-1)?.appendTimeMs ?? appendTimeMs;
        return slice;
      },
      more: (timeoutMs) => (this.#mustClose() ? Promise.resolve() : this.#feed.more(timeoutMs)),
    });
    this.#failures.clear();
    this.#handledAppendTimeMs = appendTimeMs;
  }

  /** What cannot be found out while a batch is taken in, because it needs an answer of the log. */
  async #check(acquired: AcquiredTask<S, P>): Promise<void> {
    if (this.#feed.gap !== undefined) await this.#explain(this.#feed.gap);
    if (this.#isTailUnchecked) await this.#checkTail(acquired);
  }

  async #explain({ before, next }: SourceGap): Promise<void> {
    const { definition, partition, log } = this.#init;
    const { low } = await log.offsetsOf({ topic: definition.source, partition });
    throw new StreamsError(
      low > next ? 'SOURCE_TRUNCATED' : 'STATE_CORRUPTED',
      `${definition.source}/${partition} continues at ${before}, but ${next} is next`,
    );
  }

  async #checkTail({ changelogNext }: AcquiredTask<S, P>): Promise<void> {
    const { definition, partition, log } = this.#init;
    this.#isTailUnchecked = false;
    const { high } = await log.offsetsOf({ topic: definition.changelog, partition });
    // Behind our last record there is its transaction's marker, and nothing else while the task is ours.
    if (high > changelogNext + 1)
      throw new StreamsError(
        'FENCED',
        `${definition.changelog}/${partition} ends at ${high}, behind our own end at ${changelogNext}`,
      );
  }

  // After a fencing by somebody else the group must confirm the partition first, or two owners fence each other for ever.
  // After any other failure a member the group has lost must not throw out whoever owns the partition now.
  async #backOff(error: StreamsError): Promise<void> {
    const { clock, logger, source } = this.#init;
    const waitMs = this.#failures.backOffMs;
    logger.warn(
      { err: error, taskId: this.#taskId, code: error.code, waitMs },
      'transaction given up, fencing again',
    );
    const confirmed = error.code === 'FENCED' ? source.ownershipConfirmed() : Promise.resolve();
    await sleep(clock, waitMs);
    await confirmed;
    await source.membershipCurrent();
  }

  #giveUp(error: StreamsError): void {
    if (fateOf(error.code) !== 'quarantine') {
      this.#init.onFatal(error);
      return;
    }
    this.#move('quarantined');
    this.#observe({ kind: 'quarantined', code: error.code });
    this.#init.logger.error(
      { err: error, taskId: this.#taskId, code: error.code },
      'quarantined: this task is stopped, the others go on',
    );
  }

  async #release(): Promise<void> {
    this.#feed.clear();
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

  #observe(event: TaskEvent): void {
    if (event.kind === 'committed' && event.deadLetters.size > 0)
      this.#init.logger.warn(
        { taskId: this.#taskId, deadLetters: Object.fromEntries(event.deadLetters) },
        'dead letters',
      );
    this.#init.observer(this.#taskId, event);
  }
}
