import { describe, expect, it } from '@jest/globals';
import {
  decide,
  MAX_CONTENT_LENGTH,
  MAX_TITLE_LENGTH,
  toIsoDate,
  dayOf,
  type Assessment,
  type EventTimeMs,
} from '@reviews/domain';
import fc from 'fast-check';
import { CodecError } from '../confluent-avro.js';
import { reviewIdOf } from '../review-id.js';
import { ledgerEntryCodec } from '../state/ledger-entry-codec.js';
import {
  parseReviewCommandRecord,
  toReviewCommandRecord,
  type ReviewCommandRecord,
} from './review-command-codec.js';

const assess = (): Assessment => ({
  verdict: { kind: 'valid', score: 0, detectorName: 'test', detectorVersion: '1' },
  alsoHold: [],
});

const HASH = '000102030405060708090a0b0c0d0e0f';

const submission: ReviewCommandRecord = {
  kind: 'submitted',
  reviewId: reviewIdOf('course' as never, 'user' as never),
  courseId: 'course',
  userId: 'user',
  submissionId: HASH,
  imported: true,
  createdAt: Date.UTC(2020, 1, 29),
  contentHash: HASH,
  halfStars: 9,
  courseTitle: 'Course',
  title: 'Title',
  content: 'Content',
};
const withdrawal: ReviewCommandRecord = {
  ...submission,
  kind: 'withdrawn',
  imported: false,
  createdAt: null,
  contentHash: null,
  halfStars: null,
  courseTitle: null,
  title: null,
  content: null,
};

describe('a record of reviews', () => {
  it('stands for the command it was written for', () => {
    for (const record of [submission, withdrawal])
      expect(toReviewCommandRecord(parseReviewCommandRecord(record))).toEqual(record);
  });

  it('without a date is dated by the broker, imported or not', () => {
    for (const imported of [false, true])
      expect(parseReviewCommandRecord({ ...submission, imported, createdAt: null })).toMatchObject({
        createdAtMs: null,
      });
  });

  it('that withdraws says nothing else, whatever stands in it', () => {
    const talkative = parseReviewCommandRecord({ ...submission, kind: 'withdrawn' });
    expect(toReviewCommandRecord(talkative)).toEqual(withdrawal);
  });

  it.each<[string, Partial<ReviewCommandRecord>]>([
    ['of an unknown kind', { kind: 'unknown' }],
    ['with a course id that cannot stand in a path', { courseId: 'a/b' }],
    ['with a user id that cannot stand in a path', { userId: '..' }],
    ['with the review id of others', { reviewId: reviewIdOf('course' as never, 'other' as never) }],
    ['with its review id in upper case', { reviewId: submission.reviewId.toUpperCase() }],
    ['without a rating', { halfStars: null }],
    ['of no stars', { halfStars: 0 }],
    ['of more than five stars', { halfStars: 11 }],
    ['without a content hash', { contentHash: null }],
    ['with a content hash that is none', { contentHash: 'abc' }],
    ['with a content hash in upper case', { contentHash: HASH.toUpperCase() }],
    ['with a submission id that is no hash', { submissionId: 'retry-1' }],
    ['with an empty submission id', { submissionId: '' }],
    [
      'that withdraws with a submission id that is no hash',
      { kind: 'withdrawn', submissionId: 'x'.repeat(32) },
    ],
    ['that dates itself without being imported', { imported: false }],
    ['from before there were such courses', { createdAt: Date.UTC(2000, 0, 1) - 1 }],
    ['from a year of five digits', { createdAt: Date.UTC(10_000, 0, 1) }],
    ['from no date at all', { createdAt: Number.MAX_SAFE_INTEGER }],
    ['with a title that is too long', { title: 'x'.repeat(MAX_TITLE_LENGTH + 1) }],
    ['with a course title that is too long', { courseTitle: 'x'.repeat(MAX_TITLE_LENGTH + 1) }],
    ['with too much content', { content: 'x'.repeat(MAX_CONTENT_LENGTH + 1) }],
  ])('is refused %s', (_what, change) => {
    expect(() => parseReviewCommandRecord({ ...submission, ...change })).toThrow(CodecError);
  });

  it('of the greatest lengths and the first and last date is accepted', () => {
    const title = 'x'.repeat(MAX_TITLE_LENGTH);
    const content = 'x'.repeat(MAX_CONTENT_LENGTH);
    for (const createdAt of [Date.UTC(2000, 0, 1), Date.UTC(9999, 11, 31)]) {
      const record = { ...submission, createdAt, title, courseTitle: title, content };
      expect(toReviewCommandRecord(parseReviewCommandRecord(record))).toEqual(record);
    }
  });

  it('that anybody may write is refused, or can be decided on, remembered and dated', () => {
    const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary);
    const hashes = fc.oneof(fc.constant(HASH), fc.string({ maxLength: 40 }));
    const records: fc.Arbitrary<ReviewCommandRecord> = fc.record({
      kind: fc.constantFrom('submitted', 'withdrawn', 'unknown'),
      reviewId: fc.oneof({ weight: 5, arbitrary: fc.constant(submission.reviewId) }, fc.string()),
      courseId: fc.oneof({ weight: 5, arbitrary: fc.constant('course') }, fc.string()),
      userId: fc.oneof({ weight: 5, arbitrary: fc.constant('user') }, fc.string()),
      submissionId: hashes,
      imported: fc.boolean(),
      createdAt: nullable(fc.integer({ min: -(2 ** 52), max: 2 ** 53 - 1 })),
      contentHash: nullable(hashes),
      halfStars: nullable(fc.integer({ min: -1, max: 12 })),
      courseTitle: nullable(fc.string()),
      title: nullable(fc.string()),
      content: nullable(fc.string()),
    });
    fc.assert(
      fc.property(records, (record) => {
        let command;
        try {
          command = parseReviewCommandRecord(record);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
          return;
        }
        const appended = { command, offset: 1, appendTimeMs: 1 as EventTimeMs, redrivenFrom: null };
        const { entry, valid } = decide(null, appended, assess);
        expect(ledgerEntryCodec.decode(ledgerEntryCodec.encode(entry))).toEqual(entry);
        if (valid?.after) expect(toIsoDate(dayOf(valid.after.createdAtMs))).toMatch(/^\d{4}-\d\d-\d\d$/);
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });
});
