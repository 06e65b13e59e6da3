import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BucketEditor } from './bucket-editor.js';
import {
  droppedBefore,
  noBuckets,
  packBuckets,
  placeOf,
  unpackBuckets,
  type DayBucket,
  type DayBuckets,
} from './day-buckets.js';
import { DAY_MS, dayOf, type EpochDay, type EventTimeMs } from './day.js';
import type { HalfStars } from './rating.js';

const CAMPAIGN = { numRuns: 1_000, seed: 1 };
const FIRST_DAY = 20_000;

interface Drawn {
  readonly createdAtMs: EventTimeMs;
  readonly halfStars: HalfStars;
  /** Taken away again at once: only its date stays. */
  readonly isTaken: boolean;
}
const drawn: fc.Arbitrary<readonly Drawn[]> = fc.array(
  fc.record({
    createdAtMs: fc.integer({
      min: FIRST_DAY * DAY_MS,
      max: (FIRST_DAY + 6) * DAY_MS - 1,
    }) as fc.Arbitrary<EventTimeMs>,
    halfStars: fc.integer({ min: 1, max: 10 }) as fc.Arbitrary<HalfStars>,
    isTaken: fc.boolean(),
  }),
  { maxLength: 60, size: 'max' },
);

/** The same as plain objects, slowly. */
const naive = (reviews: readonly Drawn[]): readonly DayBucket[] => {
  const buckets = new Map<number, { histogram: number[]; lastReviewAtMs: number }>();
  for (const { createdAtMs, halfStars, isTaken } of reviews) {
    const day = Math.floor(createdAtMs / 86_400_000);
    const bucket = buckets.get(day) ?? { histogram: new Array<number>(10).fill(0), lastReviewAtMs: 0 };
    bucket.histogram[halfStars - 1] = (bucket.histogram[halfStars - 1] ?? 0) + (isTaken ? 0 : 1);
    bucket.lastReviewAtMs = Math.max(bucket.lastReviewAtMs, createdAtMs);
    buckets.set(day, bucket);
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([day, bucket]) => ({ day, ...bucket }) as unknown as DayBucket);
};

const addToDay = (buckets: DayBuckets, createdAtMs: EventTimeMs, halfStars: HalfStars): DayBuckets => {
  const editor = new BucketEditor(buckets);
  editor.add(createdAtMs, halfStars);
  return editor.result();
};

const takeFromDay = (
  buckets: DayBuckets,
  createdAtMs: EventTimeMs,
  halfStars: HalfStars,
): DayBuckets | null => {
  const editor = new BucketEditor(buckets);
  return editor.take(createdAtMs, halfStars) ? editor.result() : null;
};

const counted = (reviews: readonly Drawn[]): DayBuckets =>
  reviews.reduce<DayBuckets>((buckets, { createdAtMs, halfStars, isTaken }) => {
    const added = addToDay(buckets, createdAtMs, halfStars);
    const left = isTaken ? takeFromDay(added, createdAtMs, halfStars) : added;
    if (left === null) throw new Error('a review that was added is not there');
    return left;
  }, noBuckets);

describe('packed buckets', () => {
  it('are what plain ones come to', () => {
    fc.assert(
      fc.property(drawn, (reviews) => {
        expect(unpackBuckets(counted(reviews))).toEqual(naive(reviews));
      }),
      CAMPAIGN,
    );
  });

  it('that are equal are equal bytes, whatever the order of what was added', () => {
    fc.assert(
      fc.property(drawn, (reviews) => {
        expect(counted(reviews.toReversed())).toEqual(counted(reviews));
        expect(packBuckets(naive(reviews))).toEqual(counted(reviews));
      }),
      CAMPAIGN,
    );
  });

  it.each([255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 2])('count past %s and back', (most) => {
    const createdAtMs = (FIRST_DAY * DAY_MS) as EventTimeMs;
    const bucket = {
      day: dayOf(createdAtMs),
      lastReviewAtMs: createdAtMs,
      histogram: [3, 0, most - 1, 0, 0, 0, 0, 0, 0, most],
    };
    const full = addToDay(packBuckets([bucket]), createdAtMs, 3 as HalfStars);
    expect(unpackBuckets(full)[0]?.histogram).toEqual([3, 0, most, 0, 0, 0, 0, 0, 0, most]);
    expect(takeFromDay(full, createdAtMs, 3 as HalfStars)).toEqual(packBuckets([bucket]));
  });

  it('keep the last millisecond of a day, and an emptied day', () => {
    const last = ((FIRST_DAY + 1) * DAY_MS - 1) as EventTimeMs;
    const emptied = takeFromDay(addToDay(noBuckets, last, 10 as HalfStars), last, 10 as HalfStars);
    expect(unpackBuckets(emptied ?? noBuckets)).toEqual([
      { day: FIRST_DAY, histogram: new Array(10).fill(0), lastReviewAtMs: last },
    ]);
  });

  it('refuse to give what is not there, and leave days alone that have no bucket', () => {
    const at = (FIRST_DAY * DAY_MS) as EventTimeMs;
    const buckets = addToDay(noBuckets, at, 4 as HalfStars);
    expect(takeFromDay(buckets, at, 5 as HalfStars)).toBeNull();
    expect(takeFromDay(buckets, (at + DAY_MS) as EventTimeMs, 4 as HalfStars)).toEqual(buckets);
  });

  it('are never changed: what was there before stays as it was', () => {
    const at = (FIRST_DAY * DAY_MS) as EventTimeMs;
    // A Buffer, because that is what a codec reads, and its slices are views.
    const before: DayBuckets = Buffer.from(addToDay(noBuckets, at, 4 as HalfStars));
    const bytes = Buffer.from(before).toString('hex');
    addToDay(before, (at + 1) as EventTimeMs, 4 as HalfStars);
    takeFromDay(before, at, 4 as HalfStars);
    expect(Buffer.from(before).toString('hex')).toBe(bytes);
  });

  it('drop the days before one', () => {
    fc.assert(
      fc.property(drawn, fc.nat(8), (reviews, days) => {
        const day = (FIRST_DAY + days) as EpochDay;
        const buckets = counted(reviews);
        const left = unpackBuckets(droppedBefore(buckets, day));
        expect(left).toEqual(naive(reviews).filter((bucket) => bucket.day >= day));
        expect(placeOf(droppedBefore(buckets, day), day)).toBe(0);
      }),
      CAMPAIGN,
    );
  });
});
