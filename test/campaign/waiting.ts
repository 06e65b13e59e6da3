/** How long a step may take before the campaign gives up. */
export const PATIENCE_MS = 90_000;

/** Lets time pass; for what nothing tells of. */
export const later = (delayMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayMs));

/**
 * Repeats an attempt until it says that it did what it was for.
 *
 * @throws when the time is over
 */
export const untilDone = async (attempt: () => Promise<boolean>): Promise<void> => {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!(await attempt()))
    if (performance.now() > deadlineMs) throw new Error('It came to nothing, again and again');
};
