import type { EpochDay } from '../day.js';
import type { CourseMemory } from '../fraud-detector.js';
import { PER_REVIEW } from './course-profile.js';
import { bodyOf, keysOf, newValue, slotOf } from './remembered-bytes.js';

/** Reviews of a course per week: at least the last four years and a half. */
export interface WeekHistory {
  /** Reviews of a week. */
  countOf(week: number): number;
  /** Last day of the week by which several of the remembered reviews had come; null when so few came at all. */
  firstDayOfSeveral(): EpochDay | null;
  /** Adds to the week of a day, unless newer weeks took its place. @param amount in sixteenths of a review */
  add(day: EpochDay, amount: number): void;
}

/** Weeks are seven UTC days, counted from 1970-01-01. */
export const weekOf = (day: number): number => Math.floor(day / 7);

/** Reviews a week in the year that ends on a day. */
export const weeklyRate = (weeks: WeekHistory, firstDay: EpochDay, lastDay: EpochDay): number => {
  const last = weekOf(lastDay);
  let reviews = 0;
  for (let week = last - WEEKS_A_YEAR + 1; week <= last; week++) reviews += weeks.countOf(week);
  return weeklyRateOf(reviews, Math.min(WEEKS_A_YEAR, Math.max(0, (lastDay - firstDay + 1) / 7)));
};

/** Reviews a week when so many came in so many weeks; of any course when that says little. */
export const weeklyRateOf = (reviews: number, weeks: number): number =>
  (reviews + PRIOR_WEEKLY * PRIOR_WEEKS) / (weeks + PRIOR_WEEKS);

const WEEKS_A_YEAR = 52;
/** Reviews that are several: one date that somebody mistyped says nothing of when a course began. */
const SEVERAL_REVIEWS = 3;
const SEVERAL_SHARE = 0.02;
/** A course of which nothing is known: so many reviews a week, and so many weeks that this is worth. */
const PRIOR_WEEKLY = 0.35;
const PRIOR_WEEKS = 3;

const PAGE_WEEKS = 26;
const KEYS = keysOf('weeks', 10);
const COUNTS_AT = 4;
const BYTES = COUNTS_AT + 4 * PAGE_WEEKS;
const MAX_COUNT = 0xffffffff;

export const weekHistoryOf = (memory: CourseMemory): WeekHistory => {
  const pages = new Map<number, DataView | undefined>();
  const pageIn = (slot: number): DataView | undefined => {
    if (!pages.has(slot)) {
      const body = bodyOf(memory.get(keyOf(slot)));
      pages.set(slot, body?.byteLength === BYTES ? body : undefined);
    }
    return pages.get(slot);
  };
  const countOf = (week: number): number => {
    const page = Math.floor(week / PAGE_WEEKS);
    const body = pageIn(slotOf(page, KEYS.length));
    return body?.getInt32(0) === page ? body.getUint32(countAt(week)) / PER_REVIEW : 0;
  };
  return {
    countOf,
    firstDayOfSeveral() {
      const weeks = KEYS.flatMap((_, slot) => pageIn(slot)?.getInt32(0) ?? [])
        .sort((a, b) => a - b)
        .flatMap((page) => Array.from({ length: PAGE_WEEKS }, (_, nth) => page * PAGE_WEEKS + nth));
      const total = weeks.reduce((reviews, week) => reviews + countOf(week), 0);
      let missing = Math.max(SEVERAL_REVIEWS, SEVERAL_SHARE * total);
      const week = weeks.find((one) => (missing -= countOf(one)) <= 0);
      return week === undefined ? null : ((7 * week + 6) as EpochDay);
    },
    add(day, amount) {
      const week = weekOf(day);
      const page = Math.floor(week / PAGE_WEEKS);
      const slot = slotOf(page, KEYS.length);
      const before = pageIn(slot);
      const pageBefore = before?.getInt32(0);
      if (pageBefore !== undefined && pageBefore > page) return;
      const { value, body } = newValue(BYTES);
      body.setInt32(0, page);
      if (before !== undefined && pageBefore === page)
        for (let at = COUNTS_AT; at < BYTES; at += 4) body.setUint32(at, before.getUint32(at));
      body.setUint32(countAt(week), Math.min(MAX_COUNT, body.getUint32(countAt(week)) + amount));
      pages.set(slot, body);
      memory.put(keyOf(slot), value);
    },
  };
};

const countAt = (week: number): number => COUNTS_AT + 4 * slotOf(week, PAGE_WEEKS);
const keyOf = (slot: number): string => KEYS[slot] ?? '';
