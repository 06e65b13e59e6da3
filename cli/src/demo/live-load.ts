import { setTimeout as sleep } from 'node:timers/promises';

/** What became of the calls so far. */
export interface LoadCount {
  readonly sent: number;
  readonly failed: number;
}

export interface LiveLoadOptions {
  /** Calls a second. */
  readonly rate: number;
  /** Ends the load: calls under way are finished. */
  readonly signal: AbortSignal;
  /** Makes one call; false when it was not taken. */
  readonly call: () => Promise<boolean>;
  readonly onCount: (count: LoadCount) => void;
}

const TICK_MS = 100;
/** A slow API is not buried under calls that wait. */
const MAX_CALLS_UNDER_WAY = 200;

/** Calls at a steady rate until the signal; what a slow moment left out is not made up for. */
export const liveLoad = async ({ rate, signal, call, onCount }: LiveLoadOptions): Promise<LoadCount> => {
  let count: LoadCount = { sent: 0, failed: 0 };
  const underWay = new Set<Promise<void>>();
  const follow = async (): Promise<void> => {
    const isTaken = await call();
    count = isTaken ? { ...count, sent: count.sent + 1 } : { ...count, failed: count.failed + 1 };
    onCount(count);
  };

  let due = 0;
  while (!signal.aborted) {
    due += (rate * TICK_MS) / 1_000;
    for (; due >= 1; due--) {
      if (underWay.size >= MAX_CALLS_UNDER_WAY) continue;
      const one = follow().finally(() => underWay.delete(one));
      underWay.add(one);
    }
    await sleep(TICK_MS, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(underWay);
  return count;
};
