const SAME_SIGNAL_WITHIN_MS = 1_000;

export type SignalMeaning = 'stop' | 'repeated' | 'hurry';

/**
 * What a signal asks for, given the times of those before it. npm passes Ctrl-C on although the terminal sent it to
 * everybody, so a second signal within a second of the first is the same one; a later one means: now.
 */
export function meaningOfSignal(firstAtMs: number | undefined, nowMs: number): SignalMeaning {
  if (firstAtMs === undefined) return 'stop';
  return nowMs - firstAtMs < SAME_SIGNAL_WITHIN_MS ? 'repeated' : 'hurry';
}
