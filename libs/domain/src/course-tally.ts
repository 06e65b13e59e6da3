import { BucketEditor } from './bucket-editor.js';
import { NO_VERSION, type CourseState, type RecentStatistic, type Statistic } from './course-state.js';
import { dayOf, laterOf, type EpochDay, type EventTimeMs } from './day.js';
import { isPossibleCount, type Histogram } from './histogram.js';
import type { HalfStars } from './rating.js';
import type { Receipt } from './receipt.js';
import { isRecent, windowEndingOn, type DayWindow } from './recent-window.js';
import type { RatedReview, RatingChange } from './review-fact.js';

/**
 * A course while changes are counted: each `before` is subtracted, each `after` is added, in the bucket of its own day. The course
 * it starts from stays as it is; it must have been rolled to the partition's day before.
 */
export class CourseTally {
  readonly #window: DayWindow;
  readonly #allTime: StatisticTally;
  readonly #recent: StatisticTally;
  readonly #buckets: BucketEditor;
  #courseTitle: string | null;
  #recentDay: EpochDay;

  constructor({ courseTitle, allTime, recent, day, buckets }: CourseState) {
    this.#window = windowEndingOn(day);
    this.#allTime = new StatisticTally(allTime);
    this.#recent = new StatisticTally(recent);
    this.#buckets = new BucketEditor(buckets);
    this.#courseTitle = courseTitle;
    this.#recentDay = recent.day;
  }

  /**
   * @returns false when a count would fall below zero, which only a broken log can cause, or grow beyond what can be kept; the
   *   tally is worthless then
   */
  count({ before, after }: RatingChange, receipt: Receipt): boolean {
    if (before !== null && !this.#buckets.take(before.createdAtMs, before.halfStars)) return false;
    if (after !== null && dayOf(after.createdAtMs) >= this.#window.firstDay)
      this.#buckets.add(after.createdAtMs, after.halfStars);
    const title = titleAfter(this.#courseTitle, after);
    const isRenamed = title !== this.#courseTitle;
    this.#courseTitle = title;
    const changed = this.#allTime.count(before, after);
    const changedRecent = this.#recent.count(within(this.#window, before), within(this.#window, after));
    if (changed === null || changedRecent === null) return false;
    if (changed || isRenamed) this.#allTime.receive(receipt);
    if (changedRecent || isRenamed) {
      this.#recent.receive(receipt);
      this.#recentDay = this.#window.lastDay;
    }
    return true;
  }

  /** What the course has become; counting on changes nothing in it. */
  course(): CourseState {
    return {
      courseTitle: this.#courseTitle,
      allTime: this.#allTime.statistic(),
      recent: this.#recent.statisticOf(this.#recentDay),
      day: this.#window.lastDay,
      buckets: this.#buckets.result(),
    };
  }
}

/**
 * Counts one change.
 *
 * @returns null when it cannot be
 */
export const countChange = (
  course: CourseState,
  change: RatingChange,
  receipt: Receipt,
): CourseState | null => {
  const tally = new CourseTally(course);
  return tally.count(change, receipt) ? tally.course() : null;
};

/** A statistic while changes are counted. */
class StatisticTally {
  #histogram: Histogram;
  /** The histogram, when it is a copy of our own: one that others have is never changed. */
  #own: number[] | null = null;
  #lastReviewAtMs: EventTimeMs | null;
  #version: number;
  #updatedAtMs: number;

  constructor({ histogram, lastReviewAtMs, version, updatedAtMs }: Statistic) {
    this.#histogram = histogram;
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
      histogram: this.#given(),
      lastReviewAtMs: this.#lastReviewAtMs,
      version: this.#version,
      updatedAtMs: this.#updatedAtMs,
    };
  }

  /** {@link statistic}, of a window. */
  statisticOf(day: EpochDay): RecentStatistic {
    return {
      histogram: this.#given(),
      lastReviewAtMs: this.#lastReviewAtMs,
      version: this.#version,
      updatedAtMs: this.#updatedAtMs,
      day,
    };
  }

  #given(): Histogram {
    this.#own = null;
    return this.#histogram;
  }

  #add(halfStars: HalfStars, reviews: number): boolean {
    if (this.#own === null) this.#histogram = this.#own = [...this.#histogram];
    const count = (this.#own[halfStars - 1] ?? 0) + reviews;
    this.#own[halfStars - 1] = count;
    return isPossibleCount(count);
  }
}

const within = <R extends RatedReview>(window: DayWindow, review: R | null): R | null =>
  review !== null && isRecent(dayOf(review.createdAtMs), window) ? review : null;

const titleAfter = (title: string | null, after: RatingChange['after']): string | null => {
  if (after === null) return title;
  return after.imported ? (after.courseTitle ?? title) : (title ?? after.courseTitle);
};
