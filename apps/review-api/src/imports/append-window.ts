/** Appends that run at the same time, up to a limit, in the order they were started. */
export interface AppendWindow {
  /**
   * Starts an append as soon as there is room. Its outcome is counted here; a failure ends the window: nothing is
   * started any more.
   */
  start(append: () => Promise<unknown>): Promise<void>;
  /** Resolves when every append that was started has an outcome. */
  drained(): Promise<void>;
  readonly outcome: WindowOutcome;
}

export interface WindowOutcome {
  /** Appends that were confirmed. */
  readonly appended: number;
  /** The first failure; undefined while there is none. */
  readonly failure: unknown;
}

/** @param limit appends in flight at most */
export const appendWindow = (limit: number): AppendWindow => {
  const outcome = { appended: 0, failure: undefined as unknown };
  let inFlight = 0;
  let wake: (() => void) | undefined;

  const follow = async (append: () => Promise<unknown>): Promise<void> => {
    inFlight += 1;
    try {
      await append();
      outcome.appended += 1;
    } catch (error) {
      outcome.failure ??= error;
    }
    inFlight -= 1;
    wake?.();
  };

  const waitUntil = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    wake = undefined;
  };

  return {
    async start(append) {
      if (inFlight >= limit) await waitUntil(() => inFlight < limit);
      // Handed over: the window itself holds the outcome.
      if (outcome.failure === undefined) void follow(append);
    },
    drained: () => waitUntil(() => inFlight === 0),
    outcome,
  };
};
