import type { Statistic } from './course-state.js';

/** A record of `reviews-valid` that changes statistics: its offset and the broker's append time. */
export interface Receipt {
  readonly offset: number;
  readonly appendTimeMs: number;
}

/** The statistic as that record changed it. */
export const withReceipt = <S extends Statistic>(statistic: S, { offset, appendTimeMs }: Receipt): S => ({
  ...statistic,
  version: offset,
  updatedAtMs: appendTimeMs,
});
