import { sleep, type Clock } from '../clock.js';

/** How often something is tried again, and after which pauses. */
export interface RetryPolicy {
  /** Tries altogether. */
  readonly attempts: number;
  readonly firstPauseMs: number;
  /** Each pause is this many times the one before. */
  readonly factor: number;
  readonly maxPauseMs: number;
}

/**
 * Does something until it succeeds, fails in a way another try cannot cure, or has failed too often.
 *
 * @param mayCure whether another try may succeed after this error; it may prepare that try
 */
export const retried = async <T>(
  { attempts, firstPauseMs, factor, maxPauseMs }: RetryPolicy,
  clock: Clock,
  work: () => Promise<T>,
  mayCure: (error: unknown) => boolean,
): Promise<T> => {
  let pauseMs = firstPauseMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !mayCure(error)) throw error;
    }
    await sleep(clock, pauseMs);
    pauseMs = Math.min(maxPauseMs, pauseMs * factor);
  }
};
