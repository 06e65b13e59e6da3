import { SchemaRegistryError } from '@reviews/contracts';
import { ReadModelError } from '@reviews/read-model';
import { fateOf, StreamsError } from '@reviews/streams';
import pRetry from 'p-retry';
import { CliError } from '../cli-error.js';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 2_000;
const PATIENCE_MS = 60_000;

/**
 * Repeats what a part that is just starting could not do yet.
 *
 * @param patienceMs for how long, in milliseconds; default: a minute
 * @throws CliError with the last reason
 */
export const whenAvailable = async (work: () => Promise<void>, patienceMs = PATIENCE_MS): Promise<void> => {
  try {
    await pRetry(work, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: FIRST_RETRY_MS,
      maxTimeout: LAST_RETRY_MS,
      maxRetryTime: patienceMs,
      shouldRetry: ({ error }) => mayPass(error),
    });
  } catch (cause) {
    throw isExpected(cause) ? new CliError(cause.message, { cause }) : cause;
  }
};

/** Whether another try can help. */
export const mayPass = (error: unknown): boolean => {
  if (error instanceof StreamsError) return fateOf(error.code) === 'fence';
  return (error instanceof SchemaRegistryError || error instanceof ReadModelError) && error.retriable;
};

const isExpected = (error: unknown): error is Error =>
  error instanceof StreamsError || error instanceof SchemaRegistryError || error instanceof ReadModelError;
