import { NO_CAUSE, type Cause, type EpochDay } from '@reviews/domain';

/** What the fraud-detector keeps per partition. */
export interface PartitionState {
  /** The day the partition has reached; null before the first day-started fact. */
  readonly day: EpochDay | null;
  /** Cause of the last fact or progress record. */
  readonly cause: Cause;
}

export const FIRST_STATE: PartitionState = Object.freeze({ day: null, cause: NO_CAUSE });
