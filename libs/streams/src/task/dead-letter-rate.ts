import { StreamsError } from '../streams-error.js';
import type { DeadLetterLimit } from './transaction-limits.js';

/**
 * Counts a task's dead letters over a while, to stop it when there are too many. The while is measured between the
 * append times of the records: after a pause, what arrived over days is handled within seconds.
 */
export class DeadLetterRate {
  readonly #limit: DeadLetterLimit;
  /** Append times of the last ones that were committed. */
  #recent: readonly number[] = [];

  constructor(limit: DeadLetterLimit) {
    this.#limit = limit;
  }

  /**
   * @param appendTimesMs of the records that are to become dead letters, in the order of the source
   * @throws StreamsError TOO_MANY_DEAD_LETTERS when these would be too many
   */
  check(appendTimesMs: readonly number[]): void {
    const { max, perMs } = this.#limit;
    this.#slide(appendTimesMs, (count) => {
      if (count > max)
        throw new StreamsError(
          'TOO_MANY_DEAD_LETTERS',
          `More than ${max} records that arrived within ${perMs / 1_000} s could not be read: nothing of this transaction was written`,
        );
    });
  }

  /** They were committed. */
  record(appendTimesMs: readonly number[]): void {
    if (appendTimesMs.length > 0) this.#recent = this.#slide(appendTimesMs, () => undefined);
  }

  /** Moves the window over further times, telling how many are in it at each, and returns what is left in it. */
  #slide(appendTimesMs: readonly number[], onCount: (count: number) => void): readonly number[] {
    const window = [...this.#recent];
    for (const timeMs of appendTimesMs) {
      window.push(timeMs);
      while ((window[0] ?? timeMs) < timeMs - this.#limit.perMs) window.shift();
      onCount(window.length);
    }
    return window;
  }
}
