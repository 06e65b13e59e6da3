import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countChange, CourseTally } from './course-tally.js';
import { emptyCourse, type CourseState } from './course-state.js';
import { DAY_MS, type EpochDay, type EventTimeMs } from './day.js';
import type { HalfStars } from './rating.js';
import type { Receipt } from './receipt.js';
import type { RatingChange } from './review-fact.js';

interface ReceivedChange {
  readonly change: RatingChange;
  readonly receipt: Receipt;
}

const countChanges = (course: CourseState, changes: readonly ReceivedChange[]): CourseState | null => {
  const tally = new CourseTally(course);
  return changes.every(({ change, receipt }) => tally.count(change, receipt)) ? tally.course() : null;
};

const CAMPAIGN = { numRuns: 500, seed: 1 };
const D = 20_000 as EpochDay;

const reviews = fc.record({
  halfStars: fc.integer({ min: 1, max: 10 }) as fc.Arbitrary<HalfStars>,
  createdAtMs: fc
    .integer({ min: -100, max: 1 })
    .map((days) => ((D + days) * DAY_MS + DAY_MS / 2) as EventTimeMs),
  imported: fc.boolean(),
  courseTitle: fc.option(fc.constantFrom('a', 'b')),
});
/** Submissions, some of them edited or withdrawn right away. */
const histories = fc
  .array(
    fc.tuple(reviews, fc.option(fc.constantFrom<HalfStars | 'withdrawn'>(3 as HalfStars, 'withdrawn'))),
    {
      maxLength: 40,
      size: 'max',
    },
  )
  .map((drawn) =>
    drawn.flatMap(([after, then]) =>
      then === null
        ? [{ before: null, after }]
        : [
            { before: null, after },
            { before: after, after: then === 'withdrawn' ? null : { ...after, halfStars: then } },
          ],
    ),
  )
  .map((changes) =>
    changes.map((change, offset): ReceivedChange => ({ change, receipt: { offset, appendTimeMs: offset } })),
  );

const oneByOne = (changes: readonly ReceivedChange[]): CourseState =>
  changes.reduce<CourseState>((course, { change, receipt }) => {
    const counted = countChange(course, change, receipt);
    if (counted === null) throw new Error('a history that cannot be');
    return counted;
  }, emptyCourse(D));

describe('changes counted together', () => {
  it('come to what they come to one by one, wherever they are parted', () => {
    fc.assert(
      fc.property(histories, fc.nat(80), (changes, at) => {
        const first = countChanges(emptyCourse(D), changes.slice(0, at));
        expect(first && countChanges(first, changes.slice(at))).toEqual(oneByOne(changes));
      }),
      CAMPAIGN,
    );
  });

  it('leave the course they started from as it was', () => {
    const history = fc.sample(histories, { numRuns: 1, seed: 2 })[0] ?? [];
    const course = oneByOne(history);
    const before = structuredClone(course);
    countChanges(course, history);
    expect(course).toEqual(before);
  });

  it('leave what was given before as it was, and come to the same afterwards', () => {
    fc.assert(
      fc.property(histories, (changes) => {
        const tally = new CourseTally(emptyCourse(D));
        const given = changes.map(({ change, receipt }) => {
          tally.count(change, receipt);
          const course = tally.course();
          return { course, then: structuredClone(course) };
        });
        for (const { course, then } of given) expect(course).toEqual(then);
        expect(tally.course()).toEqual(oneByOne(changes));
      }),
      { ...CAMPAIGN, numRuns: 50 },
    );
  });

  it('are refused together when one of them cannot be', () => {
    const review = { halfStars: 8 as HalfStars, createdAtMs: (D * DAY_MS) as EventTimeMs };
    const after = { ...review, imported: false, courseTitle: null };
    const receipt = { offset: 1, appendTimeMs: 1 };
    const taken = { change: { before: review, after: null }, receipt };
    expect(
      countChanges(emptyCourse(D), [{ change: { before: null, after }, receipt }, taken, taken]),
    ).toBeNull();
  });
});
