import type { CountedReviewRecord, PublishedReviewRecord } from '@reviews/contracts';

/**
 * What a course comes to, by the rules alone: this shares no code with what the aggregator counts with. Days of the
 * window are kept, and the window is added up anew whenever somebody looks.
 */

const RATINGS = 10;
const DAY_MS = 86_400_000;
const WINDOW_DAYS = 90;
/** The version of what no record has changed. */
const NEVER = -1;

/** The record of `reviews-valid` at hand. */
export interface RecordReceipt {
  readonly offset: number;
  readonly appendTimeMs: number;
}

/** What a reader sees of a statistic. */
export interface Numbers {
  /** Reviews with 1, 2 … 10 half stars. */
  readonly histogram: readonly number[];
  readonly lastReviewAtMs: number | null;
}

/** Which record changed a statistic last, and before that. */
export interface Stamp {
  version: number;
  previousVersion: number;
  updatedAtMs: number;
}

interface DayCount {
  readonly counts: number[];
  latestMs: number;
}

/** One course. */
export class CourseRecount {
  title: string | null = null;
  readonly allTimeStamp: Stamp = { version: NEVER, previousVersion: NEVER, updatedAtMs: 0 };
  readonly recentStamp: Stamp = { version: NEVER, previousVersion: NEVER, updatedAtMs: 0 };
  /** The day reached when the recent statistic changed last. */
  recentDay = 0;
  readonly #counts = noReviews();
  #latestMs: number | null = null;
  /** By day: those in the window, and those to come. */
  readonly #days = new Map<number, DayCount>();
  #recentLatestMs: number | null = null;

  /**
   * Counts a change on a day the partition has reached.
   *
   * @returns the day on which a review of this course was counted for the first time, if it will matter to the window
   */
  change(
    before: CountedReviewRecord | null,
    after: PublishedReviewRecord | null,
    day: number,
    receipt: RecordReceipt,
  ): number | undefined {
    const isNews = this.#rename(after) || this.allTimeStamp.version === NEVER;
    const isRecentNews = this.#changesWindow(before, after, day);
    if (this.#countAllTime(before, after) || isNews) stamp(this.allTimeStamp, receipt);
    const newDay = this.#countDays(before, after, day);
    if (!isRecentNews && !isNews) return newDay;
    stamp(this.recentStamp, receipt);
    this.recentDay = day;
    return newDay;
  }

  /** Moves the window on. */
  roll(fromDay: number, toDay: number, receipt: RecordReceipt): void {
    const before = this.recent(fromDay);
    for (const day of this.#days.keys()) if (hasLeftWindow(day, toDay)) this.#days.delete(day);
    const after = this.recent(toDay);
    this.#recentLatestMs = after.lastReviewAtMs;
    if (sameNumbers(before, after)) return;
    stamp(this.recentStamp, receipt);
    this.recentDay = toDay;
  }

  allTime(): Numbers {
    return { histogram: this.#counts, lastReviewAtMs: this.#latestMs };
  }

  /** The window that ends on a day. */
  recent(day: number): Numbers {
    const histogram = noReviews();
    let latestMs: number | null = null;
    for (const [ofDay, { counts, latestMs: ofDayMs }] of this.#days) {
      if (!isInWindow(ofDay, day)) continue;
      for (let index = 0; index < RATINGS; index++) addAt(histogram, index, counts[index] ?? 0);
      latestMs = latestMs === null || ofDayMs > latestMs ? ofDayMs : latestMs;
    }
    return { histogram, lastReviewAtMs: latestMs };
  }

  // The first title seen stays; only an import changes it.
  #rename(after: PublishedReviewRecord | null): boolean {
    const title = after?.courseTitle ?? null;
    if (title === null || title === this.title) return false;
    if (this.title !== null && after?.imported !== true) return false;
    this.title = title;
    return true;
  }

  #countAllTime(before: CountedReviewRecord | null, after: PublishedReviewRecord | null): boolean {
    if (before !== null) addAt(this.#counts, before.halfStars - 1, -1);
    if (after !== null) addAt(this.#counts, after.halfStars - 1, 1);
    const isLatest = after !== null && isLater(after.createdAt, this.#latestMs);
    if (isLatest) this.#latestMs = after.createdAt;
    return isLatest || before?.halfStars !== after?.halfStars;
  }

  #changesWindow(
    before: CountedReviewRecord | null,
    after: PublishedReviewRecord | null,
    day: number,
  ): boolean {
    const taken = before !== null && isInWindow(dayOf(before.createdAt), day) ? before.halfStars : 0;
    const given = after !== null && isInWindow(dayOf(after.createdAt), day) ? after.halfStars : 0;
    const isLatest = given > 0 && after !== null && isLater(after.createdAt, this.#recentLatestMs);
    if (isLatest) this.#recentLatestMs = after.createdAt;
    return isLatest || taken !== given;
  }

  #countDays(
    before: CountedReviewRecord | null,
    after: PublishedReviewRecord | null,
    day: number,
  ): number | undefined {
    if (before !== null) {
      const found = this.#days.get(dayOf(before.createdAt));
      if (found !== undefined) addAt(found.counts, before.halfStars - 1, -1);
    }
    if (after === null) return undefined;
    const ofDay = dayOf(after.createdAt);
    if (hasLeftWindow(ofDay, day)) return undefined;
    const found = this.#days.get(ofDay);
    const count = found ?? { counts: noReviews(), latestMs: after.createdAt };
    addAt(count.counts, after.halfStars - 1, 1);
    if (after.createdAt > count.latestMs) count.latestMs = after.createdAt;
    if (found !== undefined) return undefined;
    this.#days.set(ofDay, count);
    return ofDay;
  }
}

/** The UTC day of an instant. */
export const dayOf = (timeMs: number): number => Math.floor(timeMs / DAY_MS);

/** Whether a day lies in the window that ends on another: that day and the 89 before it. */
export const isInWindow = (day: number, lastDay: number): boolean =>
  !hasLeftWindow(day, lastDay) && day <= lastDay;

/** Whether a day lies before the window that ends on another. */
export const hasLeftWindow = (day: number, lastDay: number): boolean => day <= lastDay - WINDOW_DAYS;

const sameNumbers = (a: Numbers, b: Numbers): boolean =>
  a.lastReviewAtMs === b.lastReviewAtMs && a.histogram.every((count, index) => count === b.histogram[index]);

const stamp = (stamped: Stamp, { offset, appendTimeMs }: RecordReceipt): void => {
  stamped.previousVersion = stamped.version;
  stamped.version = offset;
  stamped.updatedAtMs = appendTimeMs;
};

const noReviews = (): number[] => new Array<number>(RATINGS).fill(0);

const addAt = (counts: number[], index: number, by: number): void => {
  counts[index] = (counts[index] ?? 0) + by;
};

const isLater = (timeMs: number, thanMs: number | null): boolean => thanMs === null || timeMs > thanMs;
