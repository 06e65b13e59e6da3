import { setTimeout as delay } from 'node:timers/promises';
import { fateOf, StreamsError } from '../streams-error.js';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

/** How long to try. */
export interface Patience {
  /** Ends a wait early. */
  readonly signal: AbortSignal;
  isOver(): boolean;
  /** Called before each wait. */
  onFailure(error: unknown, waitMs: number): void;
}

/**
 * Repeats until it succeeds, with growing waits of random length: many that lost the same server do not come back to it
 * at the same moment. Undefined when it is over before.
 *
 * @throws StreamsError that another try cannot cure
 */
export const untilDone = async <T>(work: () => Promise<T>, patience: Patience): Promise<T | undefined> => {
  for (let failures = 1; !patience.isOver(); failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StreamsError && fateOf(error.code) !== 'fence') throw error;
      const longestMs = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS);
      const waitMs = longestMs * (0.5 + Math.random() / 2);
      patience.onFailure(error, waitMs);
      // Aborted means: look at once whether it is over.
      await delay(waitMs, undefined, { signal: patience.signal }).catch(() => undefined);
    }
  }
  return undefined;
};
