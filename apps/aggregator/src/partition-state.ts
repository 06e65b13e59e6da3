import { NO_CAUSE, type Cause, type EpochDay, type Receipt, type StartedDay } from '@reviews/domain';

/** What the aggregator keeps per partition. */
export interface PartitionState {
  /** The day the partition has reached; null before the first day-started fact. */
  readonly day: EpochDay | null;
  /** The last day that every course was brought to; null before the first. */
  readonly sweptDay: EpochDay | null;
  /** The days started after `sweptDay`, ascending: courses may have to be rolled through them. */
  readonly unsweptDays: readonly StartedDay[];
  /** Cause of the last fact. */
  readonly cause: Cause;
}

/** As it was kept when the sweep of a day still ended before the next day began. */
interface FirstPartitionState extends Pick<PartitionState, 'day' | 'sweptDay' | 'cause'> {
  /** The record of `reviews-valid` that started `day`. */
  readonly dayReceipt: Receipt;
}

/** What a position record may hold: this version's state, or the one before it. */
export type KeptPartitionState = PartitionState | FirstPartitionState;

const FIRST_STATE: PartitionState = Object.freeze({
  day: null,
  sweptDay: null,
  unsweptDays: [],
  cause: NO_CAUSE,
});

/** The state to go on from; the first one when nothing was kept yet. */
export const partitionStateOf = (kept: KeptPartitionState | undefined): PartitionState => {
  if (kept === undefined) return FIRST_STATE;
  if ('unsweptDays' in kept) return kept;
  const { day, dayReceipt, sweptDay, cause } = kept;
  const unsweptDays = day === null || day === sweptDay ? [] : [{ day, receipt: dayReceipt }];
  return { day, sweptDay, unsweptDays, cause };
};

/** Whether the courses of a partition still have to be brought to its day. */
export const isSweepPending = ({ day, sweptDay }: PartitionState): boolean => day !== sweptDay;
