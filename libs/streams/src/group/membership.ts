import type { Clock } from '../clock.js';

/** Whether the group still counts this process in. */
export interface Membership {
  /** The group answered a heartbeat or a join. */
  confirm(): void;
  /** False before the first join, and when the group has been silent for longer than a session may last. */
  isCurrent(): boolean;
}

export const membership = (sessionTimeoutMs: number, clock: Clock): Membership => {
  let confirmedAtMs = Number.NEGATIVE_INFINITY;
  return {
    confirm() {
      confirmedAtMs = clock.nowMs();
    },
    isCurrent: () => clock.nowMs() - confirmedAtMs < sessionTimeoutMs,
  };
};
