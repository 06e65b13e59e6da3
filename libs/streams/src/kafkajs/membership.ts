/** Whether the group still counts this process in. */
export interface Membership {
  /** The group answered a heartbeat or a join. */
  confirm(): void;
  /** False before the first join, and when the group has been silent for longer than a session may last. */
  isCurrent(): boolean;
}

export const membership = (sessionTimeoutMs: number): Membership => {
  let confirmedAtMs = Number.NEGATIVE_INFINITY;
  return {
    confirm() {
      confirmedAtMs = performance.now();
    },
    isCurrent: () => performance.now() - confirmedAtMs < sessionTimeoutMs,
  };
};
