import type { Clock } from '../clock.js';
import type { Offset } from '../offset.js';
import type { TopicPartition } from '../records.js';
import type { TransactionalWriter } from './task-log.js';

/** How often the group is told where a task is, in milliseconds; and how long an idle task waits to tell its last. */
export const TELL_EVERY_MS = 1_000;

/** What telling needs. */
export interface ToldOffsetInit {
  readonly writer: TransactionalWriter;
  readonly clock: Clock;
  readonly groupId: string;
  readonly source: TopicPartition;
}

/**
 * The offset a task's group is told, for lag tools only: nothing resumes from it. In each transaction it would be the
 * better half of a small one's cost: two requests, and a marker in one partition more.
 */
export class ToldOffset {
  readonly #init: ToldOffsetInit;
  #told: Offset | undefined;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(init: ToldOffsetInit) {
    this.#init = init;
  }

  /** Whether the group was told something else last. */
  isOwed(next: Offset): boolean {
    return this.#told !== next;
  }

  /** Tells it with the open transaction when the last time was long enough ago. */
  async tellWhenDue(next: Offset): Promise<void> {
    const { writer, clock, groupId, source } = this.#init;
    const nowMs = clock.nowMs();
    if (nowMs - this.#toldMs < TELL_EVERY_MS) return;
    // Whatever comes of the transaction: if it fails, this is thrown away with its task.
    this.#told = next;
    this.#toldMs = nowMs;
    await writer.sendOffset(groupId, source, next);
  }

  /** Tells it in a transaction of its own. */
  async tell(next: Offset): Promise<void> {
    const { writer } = this.#init;
    this.#toldMs = Number.NEGATIVE_INFINITY;
    await writer.begin();
    await this.tellWhenDue(next);
    await writer.commit();
  }
}
