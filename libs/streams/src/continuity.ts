import type { Offset } from './offset.js';

/** A jump this many times in a row means that records are gone, not that a fetch was late. */
const MAX_JUMPS = 2;

/** How a batch stands to what was read before. */
export type Continuation =
  /** It begins where the last one ended. */
  | 'continues'
  /** It does not: ask for {@link Continuity.next} again. */
  | 'jumped'
  /** It does not, although it was asked for again: records are missing. */
  | 'lost';

/** Watches that every batch of a partition begins where the last one ended, or at the last seek. */
export class Continuity {
  #next: Offset;
  #jumps = 0;

  constructor(next: Offset) {
    this.#next = next;
  }

  /** Where the next batch must begin. */
  get next(): Offset {
    return this.#next;
  }

  check(fetchedOffset: Offset): Continuation {
    if (fetchedOffset === this.#next) {
      this.#jumps = 0;
      return 'continues';
    }
    this.#jumps += 1;
    return this.#jumps < MAX_JUMPS ? 'jumped' : 'lost';
  }

  /** A batch was dealt with, or offsets before `next` held nothing to read. Never goes back. */
  advanceTo(next: Offset): void {
    if (next > this.#next) this.#next = next;
  }
}
