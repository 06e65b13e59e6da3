import { StreamsError } from '../streams-error.js';

/** @throws StreamsError TRANSIENT when the work takes longer than it may; it goes on all the same */
export const beforeDeadline = async <T>(work: Promise<T>, remainingMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => {
        reject(new StreamsError('TRANSIENT', 'No confirmation in time'));
      },
      Math.max(0, remainingMs),
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    // When the deadline won, the late failure of the work is of no interest any more.
    work.catch(() => undefined);
  }
};
