import { asStreamsError, fateOf } from '@reviews/streams';
import pRetry from 'p-retry';
import type { ServiceLogger } from '../logging/service-logger.js';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

/** How a service waits for what it needs. */
export interface Waiting {
  /** Ends the waiting. An attempt under way is finished: what it made is for the caller to close. */
  readonly signal: AbortSignal;
  readonly logger: ServiceLogger;
  /** What to log each time it does not work yet. */
  readonly notYet: string;
}

/**
 * Repeats what Kafka or the registry may only be too young for, without end.
 *
 * @returns undefined when the waiting was ended first
 * @throws what no retry can help
 */
export const whenAvailable = async <T>(
  work: () => Promise<T>,
  { signal, logger, notYet }: Waiting,
): Promise<T | undefined> => {
  const results: T[] = [];
  try {
    await pRetry(async () => results.push(await work()), {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: FIRST_RETRY_MS,
      maxTimeout: LAST_RETRY_MS,
      signal,
      shouldRetry: ({ error }) => fateOf(asStreamsError(error, notYet).code) === 'fence',
      onFailedAttempt: ({ error, retryDelay }) => {
        logger.warn({ err: error, waitMs: retryDelay }, notYet);
      },
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return results[0];
};
