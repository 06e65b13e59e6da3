import { addDays, type EpochDay } from '../day.js';
import type { CourseProfile } from './course-profile.js';
import { firstRecentDay, type RecentDays } from './recent-days.js';
import { weekOf, type WeekHistory, weeklyRateOf } from './week-history.js';

/** Some days at the end of the recent ones. */
export interface Span {
  readonly days: number;
  /** Reviews they bring, in reviews of the busiest week: days are unequal, and weeks of a peak are not all the same. */
  readonly weeks: number;
}

/** In which a burst is looked for, shortest first. */
export const SPANS: readonly Span[] = [
  { days: 1, weeks: 0.3 },
  { days: 2, weeks: 0.4 },
  { days: 3, weeks: 0.5 },
  { days: 5, weeks: 0.75 },
  { days: 7, weeks: 1 },
  { days: 10, weeks: 1.2 },
  { days: 14, weeks: 1.4 },
  { days: 21, weeks: 1.7 },
  { days: 28, weeks: 2 },
];

/** What is known of a course before something is looked for in its recent days. */
export interface CourseHistory {
  readonly profile: CourseProfile;
  /** The day it began: that of its first post, or an earlier one when several imported rows say so. */
  readonly beginning: EpochDay;
  readonly weeks: WeekHistory;
  readonly days: RecentDays;
  /** The last of the recent days. */
  readonly today: EpochDay;
  /** Reviews a week in the year before the recent days. */
  readonly yearlyRate: number;
}

/** Reviews that a span lets expect. */
export interface Expectation {
  /** The most of what the last year, the days before the span, and the same season of earlier years had. */
  readonly usual: number;
  /** The same, but not less than what the end of a term may bring to any course. */
  readonly ordinary: number;
}

const SEASON_YEARS = 4;
const WEEKS_PER_YEAR = 365.25 / 7;
/** Terms end on other dates from year to year. */
const SEASON_SHIFT_WEEKS = 2;

/** @param lastDay last day of the span, today or earlier */
export const expectedReviews = (
  history: CourseHistory,
  span: Span,
  lastDay: EpochDay,
  ordinaryWeekly: number,
): Expectation => {
  const firstDay = addDays(lastDay, 1 - span.days);
  const daily = Math.max(history.yearlyRate, rateBefore(history, firstDay));
  const season = rateOfSeason(history, firstDay, span);
  const usual =
    span.days < 7 ? Math.max(daily, season) * span.weeks : Math.max((daily * span.days) / 7, season);
  return { usual, ordinary: Math.max(usual, ordinaryWeekly * span.weeks) };
};

/** Reviews a week in the recent days before the span, without what was held. */
const rateBefore = ({ beginning, days, today }: CourseHistory, before: EpochDay): number => {
  const from = Math.max(beginning, firstRecentDay(today));
  if (before <= from) return 0;
  let reviews = 0;
  for (let day = from; day < before; day++)
    for (const count of days.get(day as EpochDay)?.valid ?? []) reviews += count;
  return weeklyRateOf(reviews, (before - from) / 7);
};

/** Mean over earlier years of the busiest time of that length in the season; a week at least. */
const rateOfSeason = ({ beginning, weeks }: CourseHistory, firstDay: EpochDay, { days }: Span): number => {
  const length = Math.max(1, Math.round(days / 7));
  const first = weekOf(firstDay);
  let [reviews, years] = [0, 0];
  for (let year = 1; year <= SEASON_YEARS; year++) {
    const middle = first - Math.round(WEEKS_PER_YEAR * year);
    if (middle * 7 + 21 < beginning) break;
    years++;
    let busiest = 0;
    for (let shift = -SEASON_SHIFT_WEEKS; shift <= SEASON_SHIFT_WEEKS; shift++) {
      let count = 0;
      for (let week = 0; week < length; week++) count += weeks.countOf(middle + shift + week);
      busiest = Math.max(busiest, count);
    }
    reviews += busiest * Math.max(1, days / 7 / length);
  }
  return years === 0 ? 0 : reviews / years;
};
