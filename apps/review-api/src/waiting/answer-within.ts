import { ReadModelError } from '@reviews/read-model';

/** What an answer is that has not come in time. */
export const LATE = Symbol('late');

/** The answer if it comes in time. It is not waited for any longer, but not taken back either. */
export const orLate = async <T>(limitMs: number, answer: Promise<T>): Promise<T | typeof LATE> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => {
      resolve(LATE);
    }, limitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The answer of the database, or DATABASE_UNAVAILABLE when it takes too long: a server that hangs refuses nothing.
 *
 * @throws ReadModelError
 */
export const answerWithin = async <T>(limitMs: number, ask: () => Promise<T>): Promise<T> => {
  const answer = await orLate(limitMs, ask());
  if (answer !== LATE) return answer;
  throw new ReadModelError('DATABASE_UNAVAILABLE', `PostgreSQL did not answer within ${limitMs} ms`);
};
