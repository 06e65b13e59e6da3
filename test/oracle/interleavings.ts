import {
  addDays,
  countChange,
  dayOf,
  emptyCourse,
  rollTo,
  type CourseState,
  type EventTimeMs,
  type HalfStars,
  type PublishedReview,
} from '@reviews/domain';
import fc from 'fast-check';
import { DAY_MS, naiveCourses, type NaiveRecord, type NaiveStatistic } from './naive-statistics.js';

const INTERLEAVINGS_PER_SET = 20;
const FIRST_DAY = dayOf(Date.UTC(2027, 11, 1));
const COURSE_ID = 'algebra';

/** What one review, or the calendar, is to go through in this order. */
type Life = readonly Event[];

type Event =
  | { readonly kind: 'day-started'; readonly daysLater: number }
  | {
      readonly kind: 'review-changed';
      readonly userId: string;
      readonly before: PublishedReview | null;
      readonly after: PublishedReview | null;
    };

const ratings = fc.integer({ min: 1, max: 10 }) as fc.Arbitrary<HalfStars>;
const dates = fc
  .tuple(
    fc.oneof(fc.constantFrom(-2, -1, 0, 88, 89, 90), fc.integer({ min: -100, max: 120 })),
    fc.oneof(fc.constantFrom(0, DAY_MS - 1), fc.nat(DAY_MS - 1)),
  )
  .map(([daysAgo, msOfDay]) => ((FIRST_DAY - daysAgo) * DAY_MS + msOfDay) as EventTimeMs);

/** Edits keep the date; a null is a withdrawal, after which a review starts anew with a date of its own. */
const lives = fc
  .array(fc.array(fc.tuple(fc.option(ratings, { freq: 4 }), dates), { minLength: 1, maxLength: 6 }), {
    minLength: 2,
    maxLength: 8,
  })
  .map((drawn) => drawn.map((changes, user) => lifeOf(`user-${user}`, changes)));

const calendars = fc
  .array(fc.oneof(fc.constantFrom(1, 1, 89, 90), fc.integer({ min: 1, max: 60 })), { maxLength: 5 })
  .map((steps) => [{ daysLater: 0 }, ...steps.map((_, i) => ({ daysLater: sum(steps.slice(0, i + 1)) }))])
  .map((days): Life => days.map((day) => ({ kind: 'day-started', ...day })));

const sum = (steps: readonly number[]): number => steps.reduce((total, step) => total + step, 0);

function lifeOf(userId: string, changes: readonly (readonly [HalfStars | null, EventTimeMs])[]): Life {
  let before: PublishedReview | null = null;
  return changes.flatMap(([halfStars, dateMs]): Event[] => {
    const createdAtMs = before?.createdAtMs ?? dateMs;
    const after = halfStars === null ? null : reviewOf(halfStars, createdAtMs);
    const event = { kind: 'review-changed', userId, before, after } as const;
    const isNothing = before === null && after === null;
    before = after;
    return isNothing ? [] : [event];
  });
}

const reviewOf = (halfStars: HalfStars, createdAtMs: EventTimeMs): PublishedReview => ({
  halfStars,
  createdAtMs,
  modifiedAtMs: createdAtMs,
  imported: false,
  courseTitle: null,
  title: null,
  content: null,
});

/**
 * Counts so many drawn sets of events, each in {@link INTERLEAVINGS_PER_SET} drawn orders that keep the order of each
 * review, and compares every outcome with the oracle's.
 *
 * @returns how many orders were counted
 * @throws Error at the first set that depends on its order
 */
export function runInterleavings(sets: number, seed: number): number {
  let counted = 0;
  const order = fc.noBias(fc.array(fc.nat(1_000), { minLength: 60, maxLength: 60, size: 'max' }));
  const orders = fc.array(order, {
    minLength: INTERLEAVINGS_PER_SET,
    maxLength: INTERLEAVINGS_PER_SET,
    size: 'max',
  });
  const property = fc.property(lives, calendars, orders, (reviews, [firstDay, ...laterDays], picks) => {
    const chains = [...reviews, laterDays];
    const first = interleaved(chains, []);
    const expected = firstDay === undefined ? null : recounted([firstDay, ...first]);
    for (const order of picks) {
      const outcome = counts(interleaved(chains, order));
      if (outcome !== expected) throw new Error(`${outcome} is not ${String(expected)}`);
      counted++;
    }
  });
  fc.assert(property, { numRuns: sets, seed });
  return counted;
}

function interleaved(chains: readonly Life[], picks: readonly number[]): readonly Event[] {
  const waiting = chains.map((chain) => [...chain]).filter((chain) => chain.length > 0);
  const events: Event[] = [];
  for (let i = 0; waiting.length > 0; i++) {
    const at = (picks[i] ?? 0) % waiting.length;
    const event = waiting[at]?.shift();
    if (event !== undefined) events.push(event);
    if (waiting[at]?.length === 0) waiting.splice(at, 1);
  }
  return events;
}

function counts(events: readonly Event[]): string {
  let course: CourseState = emptyCourse(FIRST_DAY);
  events.forEach((event, offset) => {
    const receipt = { offset, appendTimeMs: 0 };
    const next =
      event.kind === 'day-started'
        ? rollTo(course, addDays(FIRST_DAY, event.daysLater), receipt)
        : countChange(course, event, receipt);
    if (next === null) throw new Error(`event ${offset} cannot be counted`);
    course = next;
  });
  return shown(course.allTime, course.recent);
}

function recounted(events: readonly Event[]): string {
  const courses = naiveCourses();
  events.forEach((event, offset) => {
    const receipt = { offset, appendTimeMs: 0 };
    const record: NaiveRecord =
      event.kind === 'day-started'
        ? { kind: event.kind, ...receipt, day: FIRST_DAY + event.daysLater }
        : { ...event, ...receipt, courseId: COURSE_ID };
    courses.append(record);
  });
  const statistics = courses.statistics(COURSE_ID);
  return statistics === null
    ? shown(emptyCourse(FIRST_DAY).allTime, emptyCourse(FIRST_DAY).recent)
    : shown(statistics.allTime, statistics.recent);
}

/** Numbers and dates; versions depend on the order, as they must. */
const shown = (...statistics: readonly Pick<NaiveStatistic, 'histogram' | 'lastReviewAtMs'>[]): string =>
  JSON.stringify(statistics.map(({ histogram, lastReviewAtMs }) => [histogram, lastReviewAtMs]));
