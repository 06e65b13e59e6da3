import { SchemaRegistryError } from '@reviews/contracts';
import { ReadModelError } from '@reviews/read-model';
import { fateOf, StreamsError } from '@reviews/streams';
import pRetry from 'p-retry';
import { CliError } from '../cli-error.js';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 2_000;
const PATIENCE_MS = 60_000;

/** How long {@link whenAvailable} waits. */
export interface Patience {
  /** In milliseconds; default: a minute. */
  readonly patienceMs?: number;
  /** Ends the waiting, with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Repeats what a part that is just starting could not do yet.
 *
 * @throws CliError with the last reason
 */
export const whenAvailable = async (
  work: () => Promise<void>,
  { patienceMs = PATIENCE_MS, signal }: Patience = {},
): Promise<void> => {
  try {
    await pRetry(work, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: FIRST_RETRY_MS,
      maxTimeout: LAST_RETRY_MS,
      maxRetryTime: patienceMs,
      shouldRetry: ({ error }) => mayPass(error),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    throw isExpected(cause) ? new CliError(cause.message, { cause }) : cause;
  }
};

/**
 * Does works side by side, each {@link whenAvailable}. The first failure ends the waiting of the others, and is thrown
 * when none of them works any more.
 */
export const allWhenAvailable = async (works: readonly (() => Promise<void>)[]): Promise<void> => {
  const failed = new AbortController();
  await Promise.all(
    works.map((work) =>
      whenAvailable(work, { signal: failed.signal }).catch((error: unknown) => {
        failed.abort(error);
      }),
    ),
  );
  failed.signal.throwIfAborted();
};

/** Whether another try can help. */
export const mayPass = (error: unknown): boolean => {
  if (error instanceof StreamsError) return fateOf(error.code) === 'fence';
  return (error instanceof SchemaRegistryError || error instanceof ReadModelError) && error.retriable;
};

const isExpected = (error: unknown): error is Error =>
  error instanceof StreamsError || error instanceof SchemaRegistryError || error instanceof ReadModelError;
