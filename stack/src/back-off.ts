const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;
const STEADY_AFTER_MS = 10_000;

/**
 * How long to wait before a process that died is started again: 0.2 s, doubling to 5 s while it keeps dying, 0.2 s
 * again once it had run for a while.
 */
export function nextDelayMs(previousDelayMs: number | undefined, ranForMs: number): number {
  if (previousDelayMs === undefined || ranForMs >= STEADY_AFTER_MS) return FIRST_DELAY_MS;
  return Math.min(previousDelayMs * 2, LONGEST_DELAY_MS);
}
