import type { Clock } from '../clock.js';
import { StreamsError } from '../streams-error.js';
import type { DeadLetterLimit } from './transaction-limits.js';

/** Counts a task's dead letters over a while, to stop it when there are too many. */
export class DeadLetterRate {
  readonly #limit: DeadLetterLimit;
  readonly #clock: Clock;
  /** When and how many, oldest first. */
  #written: { readonly atMs: number; readonly count: number }[] = [];

  constructor(limit: DeadLetterLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** @throws StreamsError TOO_MANY_DEAD_LETTERS when these would be too many */
  check(count: number): void {
    if (count === 0) return;
    const { max, perMs } = this.#limit;
    const since = this.#clock.nowMs() - perMs;
    this.#written = this.#written.filter(({ atMs }) => atMs > since);
    const total = this.#written.reduce((sum, written) => sum + written.count, count);
    if (total > max)
      throw new StreamsError(
        'TOO_MANY_DEAD_LETTERS',
        `${total} records in ${perMs / 1_000} s could not be read, more than ${max}: nothing of this transaction was written`,
      );
  }

  /** They were committed. */
  record(count: number): void {
    if (count > 0) this.#written.push({ atMs: this.#clock.nowMs(), count });
  }
}
