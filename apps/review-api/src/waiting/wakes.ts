/** The times at which something may have changed, counted: who counted before looking cannot sleep through the next one. */
export interface Wakes {
  readonly count: number;
  /** Resolves once there were more than `count`, or after a time. */
  after(count: number, maxMs: number): Promise<void>;
}

/** Wakes all who wait. */
export class WakeSignal implements Wakes {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  get count(): number {
    return this.#count;
  }

  wake(): void {
    this.#count += 1;
    for (const go of this.#waiting) go();
  }

  after(count: number, maxMs: number): Promise<void> {
    if (this.#count > count) return Promise.resolve();
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(go);
        resolve();
      };
      // A timer of more than its 31 bits fires at once.
      const timer = Number.isFinite(maxMs) ? setTimeout(go, maxMs) : undefined;
      this.#waiting.add(go);
    });
  }
}
