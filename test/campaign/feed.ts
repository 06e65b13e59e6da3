import { later } from './waiting.js';
import type { World } from './world.js';

const FEED_MS = 20;
/** When everything is written, a little goes on, so that there is always a transaction to hit. */
const TRICKLE = 0.1;

/** Writes events in the background, at the campaign's pace. */
export const feed = ({ input, size, random }: World): { stop(): Promise<void> } => {
  const stopping = new AbortController();
  const startedAtMs = performance.now();
  const isDue = (): boolean => {
    if (input.written.size >= size.events) return random.chance(TRICKLE);
    return input.written.size < ((performance.now() - startedAtMs) * size.eventsPerSecond) / 1_000;
  };
  const feeding = (async () => {
    while (!stopping.signal.aborted) {
      if (isDue()) await input.append(1);
      await later(FEED_MS);
    }
    await input.append(size.events - input.written.size);
  })();
  return {
    stop() {
      stopping.abort();
      return feeding;
    },
  };
};
