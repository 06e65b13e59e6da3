import { ReadModelError } from '@reviews/read-model';

/**
 * The answer of the database, or DATABASE_UNAVAILABLE when it takes too long: a server that hangs refuses nothing.
 *
 * @throws ReadModelError
 */
export const answerWithin = async <T>(limitMs: number, ask: () => Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ReadModelError('DATABASE_UNAVAILABLE', `PostgreSQL did not answer within ${limitMs} ms`));
    }, limitMs);
  });
  try {
    return await Promise.race([ask(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
};
