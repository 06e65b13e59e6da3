import type { Clock } from '../clock.js';
import { Continuity } from '../continuity.js';
import { offsetOf, type Offset } from '../offset.js';
import type { RecordBatch } from '../records.js';
import type { StreamLogger } from '../stream-logger.js';
import { Inbox, type Slice } from './inbox.js';
import type { TaskSource } from './task-log.js';
import type { TransactionLimits } from './transaction-limits.js';

export interface SourceFeedInit {
  readonly taskId: string;
  readonly source: TaskSource;
  readonly limits: Pick<TransactionLimits, 'maxRecords' | 'maxBytes'>;
  readonly clock: Clock;
  readonly logger: StreamLogger;
}

/** Where a source went on although something before is missing. */
export interface SourceGap {
  /** Where it went on. */
  readonly before: Offset;
  /** What should have come. */
  readonly next: Offset;
}

/**
 * What a task is given of its source. Batches are taken in at once, each where the last one ended; when too much waits the
 * source is held back.
 */
export class SourceFeed {
  readonly #init: SourceFeedInit;
  readonly #inbox: Inbox;
  /** Follows what was put into the inbox. */
  #continuity = new Continuity(offsetOf(0));
  #gap: SourceGap | undefined;
  #isHeldBack = false;
  #isIdle = false;
  /** First offset that was not yet readable when a batch came last. */
  #end = offsetOf(0);

  constructor(init: SourceFeedInit) {
    this.#init = init;
    this.#inbox = new Inbox(init.clock);
  }

  /** Asks for everything from an offset on. */
  startAt(next: Offset): void {
    this.#continuity = new Continuity(next);
    this.#gap = undefined;
    this.#isHeldBack = false;
    this.#init.source.resumeAt(next);
  }

  /** Asks for nothing more, until it is started again. */
  pause(): void {
    this.#init.source.pause();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#inbox.clear();
  }

  /** The consumer has lost its place: asks for what comes behind everything taken in so far. */
  goOn(): void {
    this.#init.source.resumeAt(this.#continuity.next);
    if (this.#isHeldBack) this.#init.source.pause();
  }

  /** Never waits for the handling of a batch. A dropped one has to be fetched again, from where the feed then asks for. */
  offer(batch: RecordBatch): 'applied' | 'dropped' {
    if (!this.#isContinuous(batch.fetchedOffset)) return 'dropped';
    this.#continuity.advanceTo(batch.nextOffset);
    this.#end = batch.highWatermark;
    this.#inbox.add(batch);
    const { maxRecords, maxBytes } = this.#init.limits;
    if (this.#inbox.size >= maxRecords || this.#inbox.bytes >= maxBytes) this.#holdBack();
    return 'applied';
  }

  /** From `first` to before `next` there was nothing to read. */
  skip(first: Offset, next: Offset): void {
    if (first <= this.#continuity.next || this.#isContinuous(first)) this.#continuity.advanceTo(next);
  }

  /** Takes up to `limit` records out; undefined when nothing waits. */
  take(limit: number): Slice | undefined {
    const slice = this.#inbox.take(limit);
    if (this.#isHeldBack && this.#isHalfEmpty) this.#letGo();
    return slice;
  }

  /** Resolves when something waits, or after the time limit; at once when there is nothing more to read, as far as is known. */
  async more(timeoutMs: number): Promise<void> {
    if (this.#continuity.next >= this.#end || this.#gap !== undefined) return;
    // The first wait may end at once, because of what was taken already.
    if ((await this.#inbox.wait(timeoutMs)) === 'woken' && this.#inbox.isEmpty)
      await this.#inbox.wait(timeoutMs);
  }

  get isEmpty(): boolean {
    return this.#inbox.isEmpty;
  }

  /** What is missing, if anything is although it was asked for again. */
  get gap(): SourceGap | undefined {
    return this.#gap;
  }

  /** Resolves when something waits, at {@link wake}, or after the time limit; says which. */
  async wait(timeoutMs: number): Promise<'woken' | 'timeout'> {
    this.#isIdle = true;
    const outcome = await this.#inbox.wait(timeoutMs);
    this.#isIdle = false;
    return outcome;
  }

  /** Ends a wait early, or the next one at once. */
  wake(): void {
    this.#inbox.wake();
  }

  /** Readable records behind a task's position, as far as is known. */
  lagBehind(position: Offset): number {
    // Control records behind the last transaction are handled as soon as nothing waits.
    const isCaughtUp = this.#isIdle && this.#inbox.isEmpty;
    return Math.max(0, this.#end - (isCaughtUp ? this.#continuity.next : position));
  }

  // 1 · check continuity
  #isContinuous(fetchedOffset: Offset): boolean {
    switch (this.#continuity.check(fetchedOffset)) {
      case 'continues':
        return true;
      case 'jumped':
        this.#init.source.resumeAt(this.#continuity.next);
        return false;
      case 'lost':
        this.#reportGap({ before: fetchedOffset, next: this.#continuity.next });
        return false;
    }
  }

  #reportGap(gap: SourceGap): void {
    this.#gap = gap;
    this.#init.logger.warn({ taskId: this.#init.taskId, ...gap }, 'gap in the source');
    this.#init.source.pause();
    this.#inbox.wake();
  }

  #holdBack(): void {
    const { taskId, logger, source } = this.#init;
    if (!this.#isHeldBack) logger.debug({ taskId, waiting: this.#inbox.size }, 'source held back');
    this.#isHeldBack = true;
    source.pause();
  }

  #letGo(): void {
    this.#isHeldBack = false;
    this.#init.source.resume();
  }

  get #isHalfEmpty(): boolean {
    const { maxRecords, maxBytes } = this.#init.limits;
    return this.#inbox.size < maxRecords / 2 && this.#inbox.bytes < maxBytes / 2;
  }
}
