/** Time, as an input. */
export interface Clock {
  /** Milliseconds that never go back. */
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

const PAUSE_MS = 250;

/** Asks again and again until everything is covered or the time is up. */
export const waitForCoverage = async (
  isCovered: () => Promise<boolean>,
  clock: Clock,
  limitMs: number,
): Promise<void> => {
  const deadlineMs = clock.nowMs() + limitMs;
  while (clock.nowMs() < deadlineMs && !(await isCovered())) await clock.sleep(PAUSE_MS);
};
