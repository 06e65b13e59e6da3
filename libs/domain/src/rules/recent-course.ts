import { addDays, dayOf, type EpochDay } from '../day.js';
import type { CourseMemory, ReviewFeatures } from '../fraud-detector.js';
import type { Burst } from './rating-burst.js';
import type { CourseHistory } from './expected-reviews.js';
import { type CourseProfile, newProfile } from './course-profile.js';
import { firstRecentDay, recentDaysOf } from './recent-days.js';
import { type RecentReview, type RecentReviews, recentReviewsOf } from './recent-reviews.js';
import { settleDays } from './settle-days.js';
import { weekHistoryOf, weeklyRate } from './week-history.js';

/** A course as it is remembered, brought to the day of a review. */
export interface RecentCourse extends CourseHistory {
  /** The first of the recent days. */
  readonly firstDay: EpochDay;
  readonly reviews: RecentReviews;
}

/** Days that are no longer recent become history. A review of an earlier day than the course has reached counts today. */
export const recentCourseOf = (
  { writtenAtMs }: ReviewFeatures,
  memory: CourseMemory,
  remembered: CourseProfile | undefined,
): RecentCourse => {
  const day = dayOf(writtenAtMs);
  const before = remembered ?? newProfile();
  const today = Math.max(before.day ?? day, day) as EpochDay;
  const firstDay = firstRecentDay(today);
  const days = recentDaysOf(memory);
  const weeks = weekHistoryOf(memory);
  const firstPost = Math.min(before.firstDay ?? day, day) as EpochDay;
  const beginning = Math.min(firstPost, weeks.firstDayOfSeveral() ?? firstPost) as EpochDay;
  const settled = settleDays(before, beginning, weeks, days.takeBefore(firstDay));
  const profile = { ...settled, firstDay: firstPost, day: today };
  const yearlyRate = weeklyRate(weeks, beginning, addDays(firstDay, -1));
  return { today, firstDay, days, reviews: recentReviewsOf(memory), beginning, weeks, yearlyRate, profile };
};

/** Counts a review today, and no longer where it was counted before. */
export const countToday = (
  { today, firstDay, days }: RecentCourse,
  before: RecentReview | undefined,
  review: Pick<RecentReview, 'userId' | 'cell' | 'submittedAtS'>,
): RecentReview => {
  if (before?.counted === true && before.day >= firstDay)
    days.add(before.day, before.cell, before.held ? { valid: 0, held: -1 } : { valid: -1, held: 0 });
  days.add(today, review.cell, { valid: 1, held: 0 });
  return { ...review, day: today, held: false, counted: true };
};

/** A review whose rating is no news stays where it is counted, if it is. */
export const countedAsBefore = (
  { today, firstDay }: RecentCourse,
  before: RecentReview | undefined,
  review: Pick<RecentReview, 'userId' | 'cell' | 'submittedAtS'>,
): RecentReview =>
  before?.counted === true && before.day >= firstDay
    ? { ...before, submittedAtS: review.submittedAtS }
    : { ...review, day: today, held: false, counted: false };

/** Remembers a review with what became of it. */
export const rememberReview = (
  { days, reviews, firstDay }: RecentCourse,
  review: RecentReview,
  kind: 'valid' | 'held',
): void => {
  const held = kind === 'held';
  if (review.counted && review.held !== held)
    days.add(review.day, review.cell, held ? { valid: -1, held: 1 } : { valid: 1, held: -1 });
  reviews.put({ ...review, held }, firstDay);
};

/**
 * Holds the reviews of a burst that are not held yet, but for as many as would have come anyway: the earliest, which most
 * likely are these. @returns what is held
 */
export const holdBurst = (course: RecentCourse, burst: Burst): readonly RecentReview[] => {
  const usual = Math.floor(burst.usual);
  // In the middle of an attack nearly all are held already, and to read them all takes long.
  if (validIn(course, burst) <= usual) return [];
  const earlier = course.reviews
    .all()
    .filter(
      ({ counted, held, day, cell }) => counted && !held && day >= burst.firstDay && burst.includes(cell),
    )
    .sort((a, b) => a.day - b.day)
    .slice(usual);
  for (const review of earlier) rememberReview(course, review, 'held');
  return earlier;
};

const validIn = ({ days, today }: RecentCourse, { firstDay, includes }: Burst): number => {
  let valid = 0;
  for (let day = firstDay; day <= today; day = addDays(day, 1))
    for (const [cell, count] of (days.get(day)?.valid ?? []).entries()) if (includes(cell)) valid += count;
  return valid;
};
