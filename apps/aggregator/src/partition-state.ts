import { NO_CAUSE, type Cause, type EpochDay, type Receipt } from '@reviews/domain';

/** What the aggregator keeps per partition. */
export interface PartitionState {
  /** The day the partition has reached; null before the first day-started fact. */
  readonly day: EpochDay | null;
  /** The record of `reviews-valid` that said so. */
  readonly dayReceipt: Receipt;
  /** The last day that every course was brought to; null before the first. */
  readonly sweptDay: EpochDay | null;
  /** Cause of the last fact. */
  readonly cause: Cause;
}

export const FIRST_STATE: PartitionState = Object.freeze({
  day: null,
  dayReceipt: { offset: -1, appendTimeMs: 0 },
  sweptDay: null,
  cause: NO_CAUSE,
});
