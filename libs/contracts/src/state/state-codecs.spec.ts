import { describe, expect, it } from '@jest/globals';
import type {
  ContentHash,
  CourseState,
  DayBucket,
  EpochDay,
  EventTimeMs,
  HalfStars,
  Histogram,
  LedgerEntry,
  Statistic,
  SubmissionId,
  Verdict,
} from '@reviews/domain';
import fc from 'fast-check';
import { CodecError } from '../confluent-avro.js';
import { courseStateCodec } from './course-state-codec.js';
import { ledgerEntryCodec } from './ledger-entry-codec.js';

const CAMPAIGN = { numRuns: 100, seed: 1 };

// As far as avsc keeps longs exact.
const longs = fc.integer({ min: 0, max: 2 ** 52 });
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
const buckets: fc.Arbitrary<DayBucket> = fc.record({
  day: days,
  histogram: histograms,
  lastReviewAtMs: times,
});
const courses: fc.Arbitrary<CourseState> = fc.record({
  courseTitle: fc.option(texts),
  allTime: statistics,
  recent: fc.tuple(statistics, days).map(([statistic, day]) => ({ ...statistic, day })),
  day: days,
  buckets: fc.array(buckets),
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
const entries: fc.Arbitrary<LedgerEntry> = fc.record({
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

describe('the state of a course', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(courses, (course) => {
        expect(courseStateCodec.decode(courseStateCodec.encode(course))).toEqual(course);
      }),
      CAMPAIGN,
    );
  });
});

describe('the ledger entry of a review', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        expect(ledgerEntryCodec.decode(ledgerEntryCodec.encode(entry))).toEqual(entry);
      }),
      CAMPAIGN,
    );
  });
});

const entry: LedgerEntry = {
  live: null,
  causeOffset: 2,
  submissionIds: ['000102030405060708090a0b0c0d0e0f' as SubmissionId],
};
const ENTRY_V1 = '01 06 04 02 000102030405060708090a0b0c0d0e0f 00 00';
const ENTRY_V2 = '02 04 02 000102030405060708090a0b0c0d0e0f 00 00';

const course: CourseState = {
  courseTitle: 'A',
  day: 5 as EpochDay,
  allTime: {
    histogram: [1, 0, 0, 0, 0, 0, 0, 0, 0, 2],
    lastReviewAtMs: 6 as EventTimeMs,
    version: 7,
    updatedAtMs: 8,
  },
  recent: {
    histogram: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    lastReviewAtMs: null,
    version: -1,
    updatedAtMs: 0,
    day: 4 as EpochDay,
  },
  buckets: [
    {
      day: 5 as EpochDay,
      histogram: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      lastReviewAtMs: 6 as EventTimeMs,
    },
  ],
};
const COURSE_V1 = [
  '01 02 02 41 0a',
  '14 02 00 00 00 00 00 00 00 00 04 00 02 0c 0e 10',
  '14 00 00 00 00 00 00 00 00 00 00 00 00 01 00',
  '08',
  '02 0a 14 02 00 00 00 00 00 00 00 00 00 00 0c 00',
].join('');

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('state once written', () => {
  it('can be read in every version there was, and is written in the last', () => {
    expect(ledgerEntryCodec.decode(bytesOf(ENTRY_V1))).toEqual(entry);
    expect(ledgerEntryCodec.decode(bytesOf(ENTRY_V2))).toEqual(entry);
    expect(ledgerEntryCodec.encode(entry)).toEqual(bytesOf(ENTRY_V2));
    expect(courseStateCodec.decode(bytesOf(COURSE_V1))).toEqual(course);
    expect(courseStateCodec.encode(course)).toEqual(bytesOf(COURSE_V1));
  });

  it.each([
    ['another version', `03${ENTRY_V2.slice(2)}`],
    ['nothing', ''],
    ['a version and nothing else', '02'],
    ['less than was written', ENTRY_V2.slice(0, -2)],
    ['more than was written', `${ENTRY_V2}00`],
  ])('is refused when there is %s', (_what, hex) => {
    expect(() => ledgerEntryCodec.decode(bytesOf(hex))).toThrow(CodecError);
  });
});
