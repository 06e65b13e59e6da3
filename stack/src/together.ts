/**
 * Runs jobs side by side. The first failure ends the others, and is thrown only when all of them have ended: nothing
 * goes on working behind an error message.
 */
export async function together(
  signal: AbortSignal,
  jobs: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const siblings = new AbortController();
  const either = AbortSignal.any([signal, siblings.signal]);
  const running = jobs.map((job) => job(either));
  try {
    await Promise.all(running);
  } catch (error) {
    siblings.abort(error);
    await Promise.allSettled(running);
    throw error;
  }
}
