import type { CourseMemory } from '../fraud-detector.js';
import type { UserId } from '../identifiers.js';
import { recentDaysOf } from './recent-days.js';
import { recentReviewsOf } from './recent-reviews.js';

/**
 * Takes a user's post out of the counts of its day, if that is recent: it is no longer live. When he submitted is remembered,
 * or it could be rewritten as often as one likes.
 */
export const stopCounting = (userId: UserId, memory: CourseMemory): void => {
  const reviews = recentReviewsOf(memory);
  const review = reviews.find(userId);
  if (review?.counted !== true) return;
  const days = recentDaysOf(memory);
  // Its day may be a part of the history already, and another one may be in its place.
  if (days.get(review.day) !== undefined)
    days.add(review.day, review.cell, review.held ? { valid: 0, held: -1 } : { valid: -1, held: 0 });
  days.save();
  reviews.put({ ...review, held: false, counted: false }, review.day);
};
