import type { Clock } from '../../clock.js';

interface TimedEvent {
  readonly atMs: number;
  /** Breaks ties: what was scheduled first happens first. */
  readonly order: number;
  callback: (() => void) | undefined;
}

/** When a run of {@link VirtualTime} ends. */
export interface RunLimit {
  /** Nothing after this moment happens, in virtual milliseconds. */
  readonly untilMs: number;
  /** Ends the run early; asked before every event. */
  readonly isDone?: () => boolean;
}

/**
 * Time that passes only by events: it jumps from one to the next. Between two of them every promise callback runs, so
 * that a run depends on nothing but what was scheduled.
 */
export class VirtualTime implements Clock {
  readonly #heap: TimedEvent[] = [];
  #nowMs = 0;
  #scheduled = 0;
  /** Events that have happened. */
  events = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const event: TimedEvent = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#scheduled++,
      callback,
    };
    push(this.#heap, event);
    return () => {
      event.callback = undefined;
    };
  }

  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(0, resolve);
    });
  }

  /** Lets events happen, in order, until the limit or until there are none. Rejects with what a callback throws. */
  run({ untilMs, isDone = () => false }: RunLimit): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          if (isDone() || !this.#happen(untilMs)) {
            resolve();
            return;
          }
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
          return;
        }
        // Node empties the queue of promise callbacks, whatever they add to it, before it looks at ticks again.
        queueMicrotask(() => {
          process.nextTick(step);
        });
      };
      process.nextTick(step);
    });
  }

  #happen(untilMs: number): boolean {
    for (;;) {
      const event = this.#heap[0];
      if (event === undefined || event.atMs > untilMs) {
        if (Number.isFinite(untilMs)) this.#nowMs = Math.max(this.#nowMs, untilMs);
        return false;
      }
      pop(this.#heap);
      const { callback } = event;
      if (callback === undefined) continue;
      this.#nowMs = event.atMs;
      this.events += 1;
      callback();
      return true;
    }
  }
}

const isBefore = (a: TimedEvent, b: TimedEvent): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** A binary heap, the earliest event on top. */
const push = (heap: TimedEvent[], event: TimedEvent): void => {
  let index = heap.length;
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(event, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = event;
};

const pop = (heap: TimedEvent[]): void => {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let below = 2 * index + 1;
    const [left, right] = [heap[below], heap[below + 1]];
    if (left === undefined) break;
    const earlier = right !== undefined && isBefore(right, left) ? right : left;
    if (earlier === right) below += 1;
    if (!isBefore(earlier, last)) break;
    heap[index] = earlier;
    index = below;
  }
  heap[index] = last;
};
