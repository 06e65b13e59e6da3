import type { Clock } from '../clock.js';
import type { StreamsErrorCode } from '../streams-error.js';
import type { TransactionLimits } from './transaction-limits.js';

const FIRST_BACKOFF_MS = 100;
const LAST_BACKOFF_MS = 5_000;
/** Failures this long apart have nothing to do with each other. */
const FORGET_AFTER_MS = 60_000;
/** How often others may fence a task in a row, without its handling anything in between, before its process gives up. */
const MAX_FENCED = 10;
const FORGET_FENCED_AFTER_MS = 600_000;
/** A transaction is never made smaller than a 1,024th of what is allowed. */
const MAX_HALVINGS = 10;

/** What a task has to learn from its failures: how long to wait, when to give up, and how small to try it next. */
export class FailureHistory {
  readonly #clock: Clock;
  #failures = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #fenced = 0;
  #lastFencedMs = Number.NEGATIVE_INFINITY;
  #halvings = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(code: StreamsErrorCode): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#lastMs > FORGET_AFTER_MS) this.#failures = 0;
    this.#failures += 1;
    this.#lastMs = nowMs;
    this.#halvings = Math.min(this.#halvings + 1, MAX_HALVINGS);
    if (code !== 'FENCED') {
      this.#fenced = 0;
      return;
    }
    if (nowMs - this.#lastFencedMs > FORGET_FENCED_AFTER_MS) this.#fenced = 0;
    this.#fenced += 1;
    this.#lastFencedMs = nowMs;
  }

  /** Records were handled and committed. Ticks do not count: they may succeed where no record ever does. */
  clear(): void {
    this.#failures = 0;
    this.#fenced = 0;
    this.#halvings = Math.max(0, this.#halvings - 1);
  }

  get backOffMs(): number {
    return Math.min(FIRST_BACKOFF_MS * 2 ** Math.max(0, this.#failures - 1), LAST_BACKOFF_MS);
  }

  get isFencedTooOften(): boolean {
    return this.#fenced > MAX_FENCED;
  }

  /**
   * Limits, halved for each failure that was not yet made up for: a transaction that was too large for the time the broker
   * gave it is not tried at the same size for ever.
   */
  shrunk({ maxRecords, maxKeys, maxBytes, maxHandlingMs }: TransactionLimits): TransactionLimits {
    const shrunk = (limit: number): number => Math.max(1, Math.floor(limit / 2 ** this.#halvings));
    return {
      maxRecords: shrunk(maxRecords),
      maxKeys: shrunk(maxKeys),
      maxBytes: shrunk(maxBytes),
      maxHandlingMs,
    };
  }
}
