import { expect } from '@jest/globals';
import type { StateCodec } from '@reviews/contracts';
import {
  DAY_MS,
  dayOf,
  packBuckets,
  type ContentHash,
  type CourseState,
  type DayBuckets,
  type EpochDay,
  type EventTimeMs,
  type HalfStars,
  type Histogram,
  type LedgerEntry,
  type Statistic,
  type SubmissionId,
  type Verdict,
} from '@reviews/domain';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';

/** Values of each kind of state that a campaign writes and reads. */
export const STATE_VALUES = 50_000;

/** Counts and offsets are exact up to here, one short of `Number.MAX_SAFE_INTEGER`: avsc refuses more. */
export const MAX_LONG = 2 ** 53 - 2;
const longs = fc.oneof(
  fc.nat(300),
  fc.constantFrom(MAX_LONG, MAX_LONG - 1),
  fc.maxSafeNat().map((long) => Math.min(long, MAX_LONG)),
);
const times = fc.integer({ min: 0, max: Date.UTC(9999, 0, 1) }) as fc.Arbitrary<EventTimeMs>;
const days = fc.nat(100_000) as fc.Arbitrary<EpochDay>;
const texts = fc.string({ unit: 'grapheme' });
const histograms: fc.Arbitrary<Histogram> = fc.array(longs, { minLength: 10, maxLength: 10 });
const hashes = fc.stringMatching(/^[0-9a-f]{32}$/);

const statistics: fc.Arbitrary<Statistic> = fc.record({
  histogram: histograms,
  lastReviewAtMs: fc.option(times),
  version: fc.oneof(fc.constant(-1), longs),
  updatedAtMs: times,
});
const bucketTimes = fc.integer({ min: 0, max: 100_000 * DAY_MS - 1 }) as fc.Arbitrary<EventTimeMs>;
const buckets: fc.Arbitrary<DayBuckets> = fc
  .uniqueArray(fc.record({ lastReviewAtMs: bucketTimes, histogram: histograms }), {
    selector: ({ lastReviewAtMs }) => dayOf(lastReviewAtMs),
  })
  .map((drawn) =>
    packBuckets(
      drawn
        .sort((a, b) => a.lastReviewAtMs - b.lastReviewAtMs)
        .map((bucket) => ({ ...bucket, day: dayOf(bucket.lastReviewAtMs) })),
    ),
  );
/** States of a course, possible ones and others. */
export const courses: fc.Arbitrary<CourseState> = fc.record({
  courseTitle: fc.option(texts),
  allTime: statistics,
  recent: fc.tuple(statistics, days).map(([statistic, day]) => ({ ...statistic, day })),
  day: days,
  buckets,
});

const assessment = { score: fc.nat(100), detectorName: texts, detectorVersion: texts };
const verdicts: fc.Arbitrary<Verdict> = fc.oneof(
  fc.record({ kind: fc.constant('valid' as const), ...assessment }),
  fc.record({
    kind: fc.constant('held' as const),
    reasons: fc.array(texts, { minLength: 1 }),
    ...assessment,
  }),
);
/** Entries of the ledger. */
export const entries: fc.Arbitrary<LedgerEntry> = fc.record({
  live: fc.option(
    fc.record({
      halfStars: fc.integer({ min: 1, max: 10 }) as fc.Arbitrary<HalfStars>,
      createdAtMs: times,
      modifiedAtMs: times,
      imported: fc.boolean(),
      contentHash: hashes as fc.Arbitrary<ContentHash>,
      verdict: verdicts,
    }),
  ),
  causeOffset: longs,
  submissionIds: fc.array(hashes as fc.Arbitrary<SubmissionId>, { maxLength: 8 }),
});

/** Written, read and written again: the value and its bytes are the same. Not `expect` a hundred thousand times: it is slow. */
export const expectKept = <V>(codec: StateCodec<V>, value: V): void => {
  const bytes = codec.encode(value);
  const read = codec.decode(bytes);
  if (!isDeepStrictEqual(read, value)) expect(read).toEqual(value);
  if (!codec.encode(read).equals(bytes)) expect(codec.encode(read)).toEqual(bytes);
};
