/** Time limits of a group member and its transactions; heartbeat < transaction < session ≤ rebalance. Safety never depends on them. */
export interface ConsumerTimeouts {
  /** After this silence the group gives a member's partitions to others, in milliseconds. */
  readonly sessionTimeoutMs: number;
  /** How long members may take to join again, in milliseconds. */
  readonly rebalanceTimeoutMs: number;
  /** How often a member says it is alive, in milliseconds. */
  readonly heartbeatIntervalMs: number;
}
