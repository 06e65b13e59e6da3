import { unavailable } from '@reviews/platform';
import { ReadModelError } from '@reviews/read-model';

const RETRY_AFTER_SECONDS = 1;

/**
 * What the read model answers.
 *
 * @throws ProblemError 503 when it does not, and may later
 */
export const whenDatabaseAnswers = async <T>(read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ReadModelError) || !error.retriable) throw error;
    throw unavailable('The database does not answer. Repeat the request.', RETRY_AFTER_SECONDS, error);
  }
};
