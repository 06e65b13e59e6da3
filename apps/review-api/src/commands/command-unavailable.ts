import { unavailable } from '@reviews/platform';
import { fateOf, StreamsError } from '@reviews/streams';

const RETRY_AFTER_SECONDS = 1;

/** What a client is told when a command could not be confirmed; an error no retry can help stays as it is. */
export const toUnavailable = (error: unknown): unknown => {
  if (!(error instanceof StreamsError) || fateOf(error.code) !== 'fence') return error;
  const detail =
    error.code === 'OVERLOADED'
      ? 'Too much is waiting to be written. Repeat the request.'
      : 'The log did not confirm in time. Repeat the request: if it was written after all, it counts once.';
  return unavailable(detail, RETRY_AFTER_SECONDS, error);
};
