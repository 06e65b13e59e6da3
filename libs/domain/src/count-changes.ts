import { BucketEditor } from './bucket-editor.js';
import { NO_VERSION, type CourseState, type Statistic } from './course-state.js';
import { dayOf, laterOf, type EventTimeMs } from './day.js';
import { isPossibleCount } from './histogram.js';
import type { HalfStars } from './rating.js';
import type { Receipt } from './receipt.js';
import { isRecent, windowEndingOn, type DayWindow } from './recent-window.js';
import type { RatedReview, RatingChange } from './review-fact.js';

/** A change with the record that told it. */
export interface ReceivedChange {
  readonly change: RatingChange;
  readonly receipt: Receipt;
}

/**
 * Counts changes in their order: each `before` is subtracted, each `after` is added, in the bucket of its own day. The course must
 * have been rolled to the partition's day before. However changes are grouped into calls, the same comes out.
 *
 * @returns null when a count would fall below zero, which only a broken log can cause, or grow beyond what can be kept
 */
export const countChanges = (course: CourseState, changes: readonly ReceivedChange[]): CourseState | null => {
  const window = windowEndingOn(course.day);
  const allTime = new Tally(course.allTime);
  const recent = new Tally(course.recent);
  let { courseTitle } = course;
  let recentDay = course.recent.day;
  editor.load(course.buckets);
  for (const { change, receipt } of changes) {
    const { before, after } = change;
    if (before !== null && !editor.take(before.createdAtMs, before.halfStars)) return null;
    if (after !== null && dayOf(after.createdAtMs) >= window.firstDay)
      editor.add(after.createdAtMs, after.halfStars);
    const title = titleAfter(courseTitle, after);
    const isRenamed = title !== courseTitle;
    courseTitle = title;
    const changed = allTime.count(before, after);
    const changedRecent = recent.count(within(window, before), within(window, after));
    if (changed === null || changedRecent === null) return null;
    if (changed || isRenamed) allTime.receive(receipt);
    if (!changedRecent && !isRenamed) continue;
    recent.receive(receipt);
    recentDay = course.day;
  }
  return {
    courseTitle,
    allTime: allTime.statistic(),
    recent: { ...recent.statistic(), day: recentDay },
    day: course.day,
    buckets: editor.result(),
  };
};

/** Counts one change. See {@link countChanges}. */
export const countChange = (
  course: CourseState,
  change: RatingChange,
  receipt: Receipt,
): CourseState | null => countChanges(course, [{ change, receipt }]);

/** Handlers are synchronous: one course is edited at a time. */
const editor = new BucketEditor();

/** A statistic while changes are counted. */
class Tally {
  readonly #histogram: number[];
  #lastReviewAtMs: EventTimeMs | null;
  #version: number;
  #updatedAtMs: number;

  constructor({ histogram, lastReviewAtMs, version, updatedAtMs }: Statistic) {
    this.#histogram = [...histogram];
    this.#lastReviewAtMs = lastReviewAtMs;
    this.#version = version;
    this.#updatedAtMs = updatedAtMs;
  }

  /**
   * @returns whether a number or date changed, null when it cannot be. The first fact of a course brings both its statistics into
   *   being, even one that is too old for the window.
   */
  count(before: RatedReview | null, after: RatedReview | null): boolean | null {
    const isFirst = this.#version === NO_VERSION;
    if (before !== null && !this.#add(before.halfStars, -1)) return null;
    if (after === null) return isFirst || before !== null;
    if (!this.#add(after.halfStars, 1)) return null;
    const last = laterOf(this.#lastReviewAtMs, after.createdAtMs);
    const isNews = isFirst || before?.halfStars !== after.halfStars || last !== this.#lastReviewAtMs;
    this.#lastReviewAtMs = last;
    return isNews;
  }

  receive({ offset, appendTimeMs }: Receipt): void {
    this.#version = offset;
    this.#updatedAtMs = appendTimeMs;
  }

  statistic(): Statistic {
    return {
      histogram: this.#histogram,
      lastReviewAtMs: this.#lastReviewAtMs,
      version: this.#version,
      updatedAtMs: this.#updatedAtMs,
    };
  }

  #add(halfStars: HalfStars, reviews: number): boolean {
    const count = (this.#histogram[halfStars - 1] ?? 0) + reviews;
    this.#histogram[halfStars - 1] = count;
    return isPossibleCount(count);
  }
}

const within = <R extends RatedReview>(window: DayWindow, review: R | null): R | null =>
  review !== null && isRecent(dayOf(review.createdAtMs), window) ? review : null;

const titleAfter = (title: string | null, after: RatingChange['after']): string | null => {
  if (after === null) return title;
  return after.imported ? (after.courseTitle ?? title) : (title ?? after.courseTitle);
};
