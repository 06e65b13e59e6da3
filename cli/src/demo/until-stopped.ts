import { stopSignal } from '../stop-signal.js';

/** A signal that comes when the time is over or somebody stops the command. */
export const untilStopped = (minutes: number): AbortSignal =>
  AbortSignal.any([stopSignal(), AbortSignal.timeout(minutes * 60_000)]);
