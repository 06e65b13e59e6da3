const LOOK_AGAIN_MS = 50;

/**
 * Repeats a check until it passes: what is true eventually.
 *
 * @throws what the last attempt threw, when the time is over
 */
export const eventually = async <T>(check: () => Promise<T>, patienceMs = 30_000): Promise<T> => {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
      await new Promise((later) => setTimeout(later, LOOK_AGAIN_MS));
    }
  }
};
