import type { Clock } from '../clock.js';

/** The longest rest, in milliseconds: while the log is slow to answer, nobody is held up by waiting for it. */
const MAX_REST_MS = 20;

/**
 * How much of a task's time goes into work that no record asks for. Records that come meanwhile wait for it, those of the
 * process's other tasks too, so it rests after each step; and however many records come, the next step's turn comes.
 */
export class WorkPace {
  readonly #clock: Clock;
  #restsUntilMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Time until the next step is due, in milliseconds; 0 when it is. */
  get restMs(): number {
    return Math.max(0, this.#restsUntilMs - this.#clock.nowMs());
  }

  async work(step: () => Promise<void>): Promise<void> {
    const startedMs = this.#clock.nowMs();
    await step();
    const endedMs = this.#clock.nowMs();
    this.#restsUntilMs = endedMs + Math.min(endedMs - startedMs, MAX_REST_MS);
  }
}
