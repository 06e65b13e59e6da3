const FIRST_PAUSE_MS = 5;
const LAST_PAUSE_MS = 100;
const PAUSE_GROWTH = 1.2;

/** Time, as an input. */
export interface Clock {
  /** Milliseconds that never go back. */
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

/** How far what is read of a partition has come. */
interface Progress {
  /** Commands before this offset of `reviews` are included. */
  readonly reviewsEnd: number;
}

/** How far the command's partition has come, and whether that includes the command. */
export interface AwaitedProgress<P extends Progress> {
  readonly progress: P | null;
  readonly isIncluded: boolean;
}

/** Asks again and again, more and more slowly, until a partition's statistics include a command or the time is up. */
export const waitForCommand = async <P extends Progress>(
  readProgress: () => Promise<P | null>,
  offset: number,
  clock: Clock,
  limitMs: number,
): Promise<AwaitedProgress<P>> => {
  const deadlineMs = clock.nowMs() + limitMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * PAUSE_GROWTH, LAST_PAUSE_MS)) {
    const progress = await readProgress();
    if (progress !== null && progress.reviewsEnd > offset) return { progress, isIncluded: true };
    const leftMs = deadlineMs - clock.nowMs();
    if (leftMs <= 0) return { progress, isIncluded: false };
    await clock.sleep(Math.min(pauseMs, leftMs));
  }
};
