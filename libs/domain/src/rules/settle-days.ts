import { addDays, type EpochDay } from '../day.js';
import { type CourseProfile, learn, PER_REVIEW } from './course-profile.js';
import type { DayCounts } from './recent-days.js';
import { type WeekHistory, weeklyRate } from './week-history.js';

/** What was held teaches a course at most so many times its rate: growth that lasts becomes normal, an attack does not. */
const HELD_TIMES_RATE = 2;
const MIN_HELD_PER_WEEK = 1;

/** Makes days that are no longer recent a part of the history, oldest first. @param beginning first day of the course */
export const settleDays = (
  profile: CourseProfile,
  beginning: EpochDay,
  weeks: WeekHistory,
  left: readonly DayCounts[],
): CourseProfile => left.reduce((before, counts) => settleDay(before, beginning, weeks, counts), profile);

const settleDay = (
  profile: CourseProfile,
  beginning: EpochDay,
  weeks: WeekHistory,
  { day, valid, held }: DayCounts,
): CourseProfile => {
  const heldCount = held.reduce((total, count) => total + count, 0);
  const heldWeekly = HELD_TIMES_RATE * weeklyRate(weeks, beginning, addDays(day, -1));
  const heldPerDay = Math.floor((PER_REVIEW * Math.max(MIN_HELD_PER_WEEK, heldWeekly)) / 7);
  const heldPart = Math.min(1, heldPerDay / (PER_REVIEW * Math.max(1, heldCount)));
  let learnt = profile;
  let total = 0;
  for (const [cell, count] of valid.entries()) {
    const amount = Math.floor(PER_REVIEW * (count + (held[cell] ?? 0) * heldPart));
    if (amount === 0) continue;
    learnt = learn(learnt, cell, amount);
    total += amount;
  }
  if (total > 0) weeks.add(day, total);
  return learnt;
};
