/** Time as tasks see it: for waiting and measuring only, never for deciding what a record means. */
export interface Clock {
  /** Never goes back, in milliseconds from any moment. */
  nowMs(): number;
  /** Calls back once, after a while. Returns how to call it off. */
  schedule(delayMs: number, callback: () => void): () => void;
  /** Resolves once whatever else is due had its turn: heartbeats, answers, timers. */
  turn(): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({
  nowMs: () => performance.now(),
  schedule(delayMs: number, callback: () => void) {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
  turn: () => new Promise<void>((resolve) => setImmediate(resolve)),
});

/** Resolves after a while. */
export const sleep = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(delayMs, resolve);
  });
