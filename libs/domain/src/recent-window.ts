import { addDays, type EpochDay } from './day.js';

/** Length of the recent window in UTC days, its last day included. */
export const WINDOW_DAYS = 90;

/** The days a recent statistic covers, both inclusive. */
export interface DayWindow {
  readonly firstDay: EpochDay;
  readonly lastDay: EpochDay;
}

/** The recent window of a partition that has reached a day: that day and the 89 before it. */
export const windowEndingOn = (lastDay: EpochDay): DayWindow => ({
  firstDay: addDays(lastDay, 1 - WINDOW_DAYS),
  lastDay,
});

/** Whether a review dated on a day counts in the window. */
export const isRecent = (day: EpochDay, window: DayWindow): boolean =>
  window.firstDay <= day && day <= window.lastDay;
