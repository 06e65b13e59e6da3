import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  recomputeStatistics,
  type OracleRecord,
  type OracleStatistic,
} from '../../../test/oracle/naive-statistics.js';
import { addDays, DAY_MS, dayOf, type EpochDay, type EventTimeMs } from './day.js';
import type { HalfStars } from './rating.js';
import type { CountedReview, PublishedReview } from './review-fact.js';
import { countChange } from './count-change.js';
import { emptyCourse, sameNumbers, type CourseState, type Statistic } from './course-state.js';
import { type Receipt } from './receipt.js';
import { nextChangeDay, rollTo } from './roll-to.js';

/** A tenth of the full size, 1,000. */
const RUNS = 100;
const CAMPAIGN = { numRuns: RUNS, seed: 1 };

const FIRST_DAY = dayOf(Date.UTC(2027, 11, 1));
const COURSE_ID = 'course';

/** Something that happens to a course. Reviews are dated relative to the day reached; which one is changed is drawn. */
type Operation =
  | { readonly kind: 'add'; readonly daysAgo: number; readonly msOfDay: number; readonly text: Text }
  | { readonly kind: 'edit'; readonly pick: number; readonly text: Text }
  | { readonly kind: 'withdraw'; readonly pick: number }
  | { readonly kind: 'roll'; readonly days: number };

interface Text {
  readonly halfStars: HalfStars;
  readonly courseTitle: string | null;
  readonly imported: boolean;
}

const texts: fc.Arbitrary<Text> = fc.record({
  halfStars: fc.integer({ min: 1, max: 10 }) as fc.Arbitrary<HalfStars>,
  courseTitle: fc.constantFrom(null, null, null, 'A', 'B'),
  imported: fc.constantFrom(false, false, true),
});

// Mostly around the edges of the window, where mistakes hide.
const daysAgo = fc.oneof(
  fc.constantFrom(-1, 0, 1, 88, 89, 90, 91),
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 400 }),
);
const msOfDay = fc.oneof(fc.constantFrom(0, DAY_MS - 1), fc.nat(DAY_MS - 1));

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('add' as const), daysAgo, msOfDay, text: texts }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit' as const), pick: fc.nat(), text: texts }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('roll' as const), days: fc.constant(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('roll' as const), days: fc.integer({ min: 1, max: 100 }) }),
  },
);
const operations = fc.array(operation, { maxLength: 40 });

/** A record of `reviews-valid`, ready for the oracle and for the product alike. */
type Fact =
  | {
      readonly kind: 'review-changed';
      readonly before: CountedReview | null;
      readonly after: PublishedReview | null;
    }
  | { readonly kind: 'day-started'; readonly day: EpochDay };

interface FactRecord extends Receipt {
  readonly fact: Fact;
}

describe('the statistics of a course', () => {
  it('equal a recomputation from all facts after every one of them, receipts included', () => {
    fc.assert(
      fc.property(operations, (drawn) => {
        const records = recordsOf(drawn);
        let course: CourseState | null = null;
        let day = FIRST_DAY;
        records.forEach((record, index) => {
          if (record.fact.kind === 'day-started') day = record.fact.day;
          if (course !== null || record.fact.kind === 'review-changed')
            course = afterFact(course ?? emptyCourse(day), record);
          expectRecomputed(course, records.slice(0, index + 1));
        });
      }),
      CAMPAIGN,
    );
  });

  it('equal a recomputation when rolled only on the days they ask for, and before they are touched', () => {
    fc.assert(
      fc.property(operations, (drawn) => {
        const records = recordsOf(drawn);
        const last = records.reduce<{ course: CourseState | null; day: FactRecord | null }>(
          ({ course, day }, record) => {
            if (record.fact.kind === 'review-changed')
              return { course: afterFact(rolledTo(course, day), record), day };
            const changeDay = course === null ? null : nextChangeDay(course);
            const isDue = changeDay !== null && changeDay <= record.fact.day;
            return { course: isDue ? rolledTo(course, record) : course, day: record };
          },
          { course: null, day: null },
        );
        expectRecomputed(last.course, records);
      }),
      CAMPAIGN,
    );
  });

  it('are the same however the facts of different reviews are interleaved with each other and with the days', () => {
    fc.assert(
      fc.property(lives, fc.infiniteStream(fc.nat()), fc.infiniteStream(fc.nat()), (reviews, one, other) => {
        expect(numbersOf(interleaved(reviews, one))).toEqual(numbersOf(interleaved(reviews, other)));
      }),
      CAMPAIGN,
    );
  });
});

describe('rolling', () => {
  const afterSome = operations.map((drawn) =>
    recordsOf(drawn)
      .filter(({ fact }) => fact.kind === 'review-changed')
      .reduce(afterFact, emptyCourse(FIRST_DAY)),
  );
  const receipt: Receipt = { offset: 1_000_000, appendTimeMs: 0 };

  it('over many days at once gives the numbers of rolling day by day', () => {
    fc.assert(
      fc.property(afterSome, fc.integer({ min: 1, max: 200 }), (course, days) => {
        let dayByDay = course;
        for (let i = 1; i <= days; i++) dayByDay = rollTo(dayByDay, addDays(course.day, i), receipt);
        const atOnce = rollTo(course, addDays(course.day, days), receipt);
        expect(numbersOf(atOnce)).toEqual(numbersOf(dayByDay));
      }),
      CAMPAIGN,
    );
  });

  it('changes nothing before the next day of change', () => {
    fc.assert(
      fc.property(afterSome, (course) => {
        const changeDay = nextChangeDay(course) ?? addDays(course.day, 500);
        const quietDays = Array.from({ length: changeDay - course.day - 1 }, (_, i) =>
          addDays(course.day, i + 1),
        );
        const isQuiet = (day: EpochDay): boolean =>
          sameNumbers(rollTo(course, day, receipt).recent, course.recent);
        expect(changeDay).toBeGreaterThan(course.day);
        expect(quietDays.every(isQuiet)).toBe(true);
      }),
      CAMPAIGN,
    );
  });
});

/** The log that the operations come to; like every log it begins with a day. */
function recordsOf(drawn: readonly Operation[]): readonly FactRecord[] {
  const records: FactRecord[] = [];
  const live: PublishedReview[] = [];
  let day = FIRST_DAY;
  const append = (fact: Fact): void => {
    // Gaps, as transaction markers leave them.
    const offset = records.length * 3;
    records.push({ offset, appendTimeMs: day * DAY_MS + offset, fact });
  };
  append({ kind: 'day-started', day });
  for (const operation of drawn) {
    switch (operation.kind) {
      case 'roll':
        day = addDays(day, operation.days);
        append({ kind: 'day-started', day });
        break;
      case 'add': {
        const createdAtMs = ((day - operation.daysAgo) * DAY_MS + operation.msOfDay) as EventTimeMs;
        const after = reviewOf(createdAtMs, operation.text);
        live.push(after);
        append({ kind: 'review-changed', before: null, after });
        break;
      }
      case 'edit': {
        const position = operation.pick % Math.max(live.length, 1);
        const before = live[position];
        if (before === undefined) break;
        const after = reviewOf(before.createdAtMs, operation.text);
        live[position] = after;
        append({ kind: 'review-changed', before, after });
        break;
      }
      case 'withdraw': {
        const [before] = live.splice(operation.pick % Math.max(live.length, 1), 1);
        if (before !== undefined) append({ kind: 'review-changed', before, after: null });
        break;
      }
    }
  }
  return records;
}

function reviewOf(createdAtMs: EventTimeMs, text: Text): PublishedReview {
  return { ...text, createdAtMs, modifiedAtMs: createdAtMs, title: null, content: null };
}

function afterFact(course: CourseState, { fact, offset, appendTimeMs }: FactRecord): CourseState {
  const receipt = { offset, appendTimeMs };
  if (fact.kind === 'day-started') return rollTo(course, fact.day, receipt);
  const counted = countChange(course, fact, receipt);
  if (counted === null) throw new Error(`offset ${offset}: impossible`);
  return counted;
}

function rolledTo(course: CourseState | null, record: FactRecord | null): CourseState {
  if (record?.fact.kind !== 'day-started') throw new Error('no day has started');
  return course === null ? emptyCourse(record.fact.day) : afterFact(course, record);
}

function expectRecomputed(course: CourseState | null, records: readonly FactRecord[]): void {
  const expected = recomputeStatistics(records.map(toOracleRecord)).get(COURSE_ID);
  expect(course?.courseTitle).toEqual(expected?.courseTitle);
  expect(course && shown(course.allTime)).toEqual(expected ? withoutDay(expected.allTime) : null);
  expect(course?.recent).toEqual(expected?.recent);
}

function toOracleRecord({ fact, ...receipt }: FactRecord): OracleRecord {
  if (fact.kind === 'day-started') return { ...receipt, fact };
  const { before, after } = fact;
  const courseTitle = after?.courseTitle ?? null;
  const imported = after?.imported ?? false;
  const change = { kind: fact.kind, courseId: COURSE_ID, before, after, courseTitle, imported };
  return { ...receipt, fact: change };
}

const shown = ({ histogram, lastReviewAtMs, version, updatedAtMs }: Statistic): object => ({
  histogram,
  lastReviewAtMs,
  version,
  updatedAtMs,
});

const withoutDay = ({ histogram, lastReviewAtMs, version, updatedAtMs }: OracleStatistic): object => ({
  histogram,
  lastReviewAtMs,
  version,
  updatedAtMs,
});

const numbersOf = ({ allTime, recent, buckets, day }: CourseState): object => ({
  allTime: [allTime.histogram, allTime.lastReviewAtMs],
  recent: [recent.histogram, recent.lastReviewAtMs],
  buckets,
  day,
});

/** The lives of several reviews: each is submitted, edited some times, and perhaps withdrawn. */
const lives = fc.array(
  fc
    .record({
      daysAgo: fc.integer({ min: -1, max: 100 }),
      msOfDay,
      ratings: fc.array(texts, { minLength: 1, maxLength: 4 }),
      isWithdrawn: fc.boolean(),
    })
    .map(({ daysAgo, msOfDay, ratings, isWithdrawn }) => {
      const createdAtMs = ((FIRST_DAY - daysAgo) * DAY_MS + msOfDay) as EventTimeMs;
      const versions = [
        ...ratings.map((text) => reviewOf(createdAtMs, text)),
        ...(isWithdrawn ? [null] : []),
      ];
      return versions.map((after, index): Fact => ({
        kind: 'review-changed',
        before: versions[index - 1] ?? null,
        after,
      }));
    }),
  { maxLength: 12 },
);

/** One course that saw all of it, each life and the days in their own order, in the order that `picks` says. */
function interleaved(reviews: readonly (readonly Fact[])[], picks: Iterable<number>): CourseState {
  const days = [0, 1, 45, 90, 95].map((days): Fact => ({
    kind: 'day-started',
    day: addDays(FIRST_DAY, days),
  }));
  const queues = [...reviews, days].map((facts) => [...facts]);
  let course = emptyCourse(FIRST_DAY);
  let offset = 0;
  for (const pick of picks) {
    const waiting = queues.filter((queue) => queue.length > 0);
    const fact = waiting[pick % Math.max(waiting.length, 1)]?.shift();
    if (fact === undefined) break;
    course = afterFact(course, { fact, offset: offset++, appendTimeMs: 0 });
  }
  return course;
}
