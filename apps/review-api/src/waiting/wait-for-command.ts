import { LATE, orLate } from './answer-within.js';
import type { Wakes } from './wakes.js';

/** Notifications may be missed: then the next look comes after so long. */
const LOOK_AGAIN_MS = 100;

/** How far a partition has come. */
export interface Progress {
  /** Commands before this offset of `reviews` are included. */
  readonly reviewsEnd: number;
}

/** Until when something is waited for, on a clock that never goes back. */
export interface Deadline {
  leftMs(): number;
}

export const deadlineIn = (limitMs: number, nowMs: () => number = () => performance.now()): Deadline => {
  const endMs = nowMs() + limitMs;
  return { leftMs: () => Math.max(0, endMs - nowMs()) };
};

/**
 * Looks each time something was stored, until a partition includes a command or the time is up. Which of the two it was
 * is for the read to tell that follows: it may see more, or tables that were replaced.
 *
 * @throws ReadModelError
 */
export const waitForCommand = async (
  readProgress: () => Promise<Progress | null>,
  offset: number,
  wakes: Wakes,
  deadline: Deadline,
): Promise<void> => {
  while (deadline.leftMs() > 0) {
    // Counted before looking: what is stored while the answer is on its way wakes the next look.
    const seen = wakes.count;
    const progress = await orLate(deadline.leftMs(), readProgress());
    if (progress === LATE || (progress !== null && progress.reviewsEnd > offset)) return;
    await wakes.after(seen, Math.min(LOOK_AGAIN_MS, deadline.leftMs()));
  }
};
