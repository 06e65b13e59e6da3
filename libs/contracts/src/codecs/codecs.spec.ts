import { describe, expect, it } from '@jest/globals';
import {
  MAX_HALF_STARS,
  type ContentHash,
  type CourseId,
  type EpochDay,
  type EventTimeMs,
  type HalfStars,
  type ReviewCommand,
  type ReviewFact,
  type ReviewHeld,
  type ReviewId,
  type SubmissionId,
  type UserId,
} from '@reviews/domain';
import fc from 'fast-check';
import {
  CodecError,
  confluentAvro,
  isSameAvro,
  type ConfluentAvro,
  type ConfluentReader,
} from '../confluent-avro.js';
import { reviewIdOf } from '../review-id.js';
import type { SchemaRegistry } from '../schema-registry.js';
import { schemaOf, schemaTextOf, textFreeSchema, type AvroSchema, type AvroTopic } from '../schemas.js';
import type { AggregatorProgress } from './aggregator-progress-codec.js';
import type { CountedFact } from './counted-fact-codec.js';
import { countedFactReader } from './counted-fact-reader.js';
import {
  parseCourseStatisticsRecord,
  toCourseStatisticsRecord,
  type CourseStatistics,
  type CourseStatisticsRecord,
} from './course-statistics-codec.js';
import { courseStatisticsEncoder } from './course-statistics-encoder.js';
import {
  parseReviewCommandRecord,
  toReviewCommandRecord,
  type ReviewCommandRecord,
} from './review-command-codec.js';
import { parseReviewFactRecord, toReviewFactRecord, type ReviewFactRecord } from './review-fact-codec.js';
import { parseReviewHeldRecord, toReviewHeldRecord, type ReviewHeldRecord } from './review-held-codec.js';

const CAMPAIGN = { numRuns: 100, seed: 1 };
const SCHEMA_ID = 1;

/** A registry with one schema: the one now written to the topic. */
const registryWith = (topic: AvroTopic): SchemaRegistry => ({
  setCompatibility: () => Promise.resolve(),
  register: () => Promise.resolve(SCHEMA_ID),
  ping: () => Promise.resolve(),
  schemaById: () => Promise.resolve(schemaTextOf(topic)),
});

const readerOf = async <T>(topic: AvroTopic, schema: object): Promise<ConfluentAvro<T>> => {
  const avro = confluentAvro<T>(registryWith(topic), schema, SCHEMA_ID);
  await avro.resolveWriters([Buffer.of(0, 0, 0, 0, SCHEMA_ID)]);
  return avro;
};

const avroOf = <T>(topic: AvroTopic): Promise<ConfluentAvro<T>> => readerOf(topic, schemaOf(topic));

/** Checks that whatever is written to a topic is read back the same. */
const roundTrips = async <Value, Stored>(
  topic: AvroTopic,
  values: fc.Arbitrary<Value>,
  to: (value: Value) => Stored,
  from: (record: Stored) => Value,
): Promise<void> => {
  const avro = await avroOf<Stored>(topic);
  fc.assert(
    fc.property(values, (value) => {
      expect(from(avro.decode(avro.encode(to(value))))).toEqual(value);
    }),
    CAMPAIGN,
  );
};

// As far as avsc keeps longs exact.
const longs = fc.integer({ min: 0, max: 2 ** 52 });
const times = fc.integer({
  min: Date.UTC(2000, 0, 1),
  max: Date.UTC(9999, 0, 1),
}) as fc.Arbitrary<EventTimeMs>;
const days = fc.nat(100_000) as fc.Arbitrary<EpochDay>;
const texts = fc.option(fc.string({ unit: 'grapheme', maxLength: 50 }));
const hashes = fc.stringMatching(/^[0-9a-f]{32}$/);
const ratings = fc.integer({ min: 1, max: MAX_HALF_STARS }) as fc.Arbitrary<HalfStars>;
const identifiers = fc.stringMatching(/^[A-Za-z0-9_~-]{1,64}$/);

const ids = fc.tuple(identifiers, identifiers).map(([course, user]) => {
  const courseId = course as CourseId;
  const userId = user as UserId;
  return { courseId, userId, reviewId: reviewIdOf(courseId, userId) };
});

const submissions: fc.Arbitrary<ReviewCommand> = fc
  .record({
    ids,
    submissionId: hashes as fc.Arbitrary<SubmissionId>,
    imported: fc.boolean(),
    createdAtMs: fc.option(times),
    contentHash: hashes as fc.Arbitrary<ContentHash>,
    halfStars: ratings,
    courseTitle: texts,
    title: texts,
    content: texts,
  })
  .map(({ ids, createdAtMs, ...rest }) => ({
    kind: 'submitted',
    ...ids,
    ...rest,
    createdAtMs: rest.imported ? createdAtMs : null,
  }));
const withdrawals: fc.Arbitrary<ReviewCommand> = fc
  .tuple(ids, hashes as fc.Arbitrary<SubmissionId>)
  .map(([ids, submissionId]) => ({ kind: 'withdrawn', ...ids, submissionId }));
const commands = fc.oneof(submissions, withdrawals);

const causes = fc.record({
  offset: fc.oneof(fc.constant(-1), longs),
  ordinal: fc.integer({ min: -1, max: 5 }),
});
const counted = { halfStars: ratings, createdAtMs: times, modifiedAtMs: times };
const published = { ...counted, imported: fc.boolean(), courseTitle: texts, title: texts, content: texts };
const changes = fc
  .record({
    cause: causes,
    ids,
    before: fc.option(fc.record(counted)),
    after: fc.option(fc.record(published)),
  })
  .map(({ ids, ...change }) => ({ ...change, ...ids }));
const facts: fc.Arbitrary<ReviewFact> = fc.oneof(
  changes.map((change) => ({ kind: 'review-changed' as const, ...change })),
  fc.record({ kind: fc.constant('day-started' as const), cause: causes, day: days }),
  fc.record({ kind: fc.constant('progress' as const), cause: causes }),
);

const assessment = { score: fc.nat(100), detectorName: fc.string(), detectorVersion: fc.string() };
const verdicts = fc.oneof(
  fc.record({ kind: fc.constant('valid' as const), ...assessment }),
  fc.record({ kind: fc.constant('held' as const), reasons: fc.array(fc.string()), ...assessment }),
);
const holds: fc.Arbitrary<ReviewHeld> = fc
  .tuple(changes, fc.option(verdicts), fc.option(longs))
  .map(([change, verdict, textOffset]) => ({ ...change, verdict, textOffset }));

const statistics: fc.Arbitrary<CourseStatistics> = fc.record({
  courseId: identifiers as fc.Arbitrary<CourseId>,
  courseTitle: texts,
  day: fc.option(days),
  histogram: fc.array(longs, { minLength: MAX_HALF_STARS, maxLength: MAX_HALF_STARS }),
  lastReviewAtMs: fc.option(times),
  version: longs,
  updatedAtMs: times,
});

const progress: fc.Arbitrary<AggregatorProgress> = fc.record({
  partition: fc.nat(1_000),
  reviewsEnd: longs,
  reviewsValidEnd: longs,
  day: fc.option(days),
  longTermStatsEnd: longs,
  recentStatsEnd: longs,
});

describe('what is written is read back the same', () => {
  it('commands', () =>
    roundTrips<ReviewCommand, ReviewCommandRecord>(
      'reviews',
      commands,
      toReviewCommandRecord,
      parseReviewCommandRecord,
    ));

  it('facts', () =>
    roundTrips<ReviewFact, ReviewFactRecord>(
      'reviews-valid',
      facts,
      toReviewFactRecord,
      parseReviewFactRecord,
    ));

  it('held reviews', () =>
    roundTrips<ReviewHeld, ReviewHeldRecord>(
      'reviews-fraud',
      holds,
      toReviewHeldRecord,
      parseReviewHeldRecord,
    ));

  it.each(['long-term-stats', 'recent-stats'] as const)('%s', (topic) =>
    roundTrips<CourseStatistics, CourseStatisticsRecord>(
      topic,
      statistics,
      toCourseStatisticsRecord,
      parseCourseStatisticsRecord,
    ),
  );

  it('progress', () =>
    roundTrips<AggregatorProgress, AggregatorProgress>(
      'aggregator-progress',
      progress,
      (record) => record,
      (record) => ({ ...record }),
    ));
});

describe('whoever only counts', () => {
  it('reads facts without their text, and nothing else is missing', async () => {
    const writer = await avroOf<ReviewFactRecord>('reviews-valid');
    const reader = await readerOf<ReviewFactRecord>('reviews-valid', textFreeSchema('reviews-valid'));
    fc.assert(
      fc.property(facts, (fact) => {
        const read = parseReviewFactRecord(reader.decode(writer.encode(toReviewFactRecord(fact))));
        const isText = fact.kind === 'review-changed' && fact.after !== null;
        expect(read).toEqual(
          isText ? { ...fact, after: { ...fact.after, title: null, content: null } } : fact,
        );
      }),
      CAMPAIGN,
    );
  });

  it('does not even look at the text: bytes there that are no UTF-8 do no harm', async () => {
    const writer = await avroOf<ReviewFactRecord>('reviews-valid');
    const reader = await readerOf<ReviewFactRecord>('reviews-valid', textFreeSchema('reviews-valid'));
    expect(JSON.stringify(textFreeSchema('reviews-valid'))).not.toContain('"title"');
    expect(JSON.stringify(textFreeSchema('reviews-valid'))).not.toContain('"content"');
    const bytes = writer.encode(toReviewFactRecord(changeSaying('#'.repeat(100))));
    bytes.fill(0xff, bytes.indexOf('#'), bytes.indexOf('#') + 100);
    expect(parseReviewFactRecord(reader.decode(bytes))).toMatchObject({
      after: { courseTitle: 'Course', content: null },
    });
  });
});

describe('written by hand', () => {
  it.each(['long-term-stats', 'recent-stats'] as const)('%s are what avsc writes', async (topic) => {
    const avro = await avroOf<CourseStatisticsRecord>(topic);
    const encode = courseStatisticsEncoder(SCHEMA_ID);
    fc.assert(
      fc.property(statistics, (value) => {
        expect(encode(value, value, value.day)).toEqual(avro.encode(toCourseStatisticsRecord(value)));
      }),
      CAMPAIGN,
    );
  });
});

describe('what statistics depend on', () => {
  const current = schemaOf('reviews-valid');
  /** As a later version could be: with one field more. */
  const later: AvroSchema = {
    ...current,
    fields: [...current.fields, { name: 'more', type: ['null', 'string'] }],
  };

  const readerAndWriter = async (
    schema: AvroSchema,
  ): Promise<[ConfluentReader<CountedFact>, (record: ReviewFactRecord) => Buffer]> => {
    const registry = {
      ...registryWith('reviews-valid'),
      schemaById: () => Promise.resolve(JSON.stringify(schema)),
    };
    const reader = countedFactReader(registry);
    const writer = confluentAvro<ReviewFactRecord>(registry, schema, SCHEMA_ID);
    await reader.resolveWriters([Buffer.of(0, 0, 0, 0, SCHEMA_ID)]);
    return [reader, (record) => writer.encode({ ...record, more: 'more' } as ReviewFactRecord)];
  };

  it.each([
    ['by hand', current],
    ['through avsc, as another version has written it', later],
  ])('is read %s', async (_how, schema) => {
    const [reader, encode] = await readerAndWriter(schema);
    fc.assert(
      fc.property(facts, (fact) => {
        expect(reader.decode(encode(toReviewFactRecord(fact)))).toEqual(countedPartOf(fact));
      }),
      CAMPAIGN,
    );
  });

  it.each<[string, Partial<ReviewFactRecord>]>([
    ['of an unknown kind', { kind: 'unknown' }],
    ['of a change without its course', { courseId: null }],
    ['of a day without its date', { kind: 'day_started', day: null }],
    ['of a rating that was impossible before', { before: { halfStars: 0, createdAt: 1, modifiedAt: 1 } }],
    [
      'of a rating that is impossible now',
      { after: { halfStars: 11, createdAt: 1, modifiedAt: 1, imported: false, courseTitle: null } },
    ],
  ])('is refused by hand and through avsc %s', async (_what, change) => {
    const record = { ...toReviewFactRecord(changeSaying('text')), ...change };
    for (const schema of [current, later]) {
      const [reader, encode] = await readerAndWriter(schema);
      expect(() => reader.decode(encode(record))).toThrow(CodecError);
    }
  });

  it('is read by hand when the registry tells the schema in another form', () => {
    const { fields, ...rest } = current;
    expect(isSameAvro({ fields, ...rest, doc: 'other words' }, current)).toBe(true);
    expect(isSameAvro({ ...rest, fields: [...fields].reverse() }, current)).toBe(false);
    expect(isSameAvro(later, current)).toBe(false);
  });

  it('is refused by hand with nothing but a CodecError, wherever it is cut off', async () => {
    const [reader, encode] = await readerAndWriter(current);
    const bytes = encode(toReviewFactRecord(changeSaying('text')));
    for (let length = 0; length < bytes.length; length++)
      expect(() => reader.decode(bytes.subarray(0, length))).toThrow(CodecError);
    expect(() => reader.decode(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow(CodecError);
  });
});

describe('an impossible record', () => {
  const fact = toReviewFactRecord(changeSaying('text'));

  it.each<[string, Partial<ReviewFactRecord>]>([
    ['of an unknown kind', { kind: 'unknown' }],
    ['of a change without its review', { reviewId: null }],
    ['of a change without its course', { courseId: null }],
    ['of a change without its user', { userId: null }],
    ['of a day without its date', { kind: 'day_started', day: null }],
    ['of a rating that was impossible before', { before: { halfStars: 0, createdAt: 1, modifiedAt: 1 } }],
    [
      'of a rating that is impossible now',
      {
        after: { halfStars: 11, createdAt: 1, modifiedAt: 1, imported: false, courseTitle: null },
      },
    ],
  ])('%s is refused', (_what, change) => {
    expect(() => parseReviewFactRecord({ ...fact, ...change })).toThrow(CodecError);
  });

  it('of a verdict of an unknown kind is refused', () => {
    const verdict = {
      kind: 'unknown' as const,
      score: 0,
      reasons: [],
      detectorName: '',
      detectorVersion: '',
    };
    const held = {
      ...toReviewHeldRecord({ ...changeSaying('text'), verdict: null, textOffset: null }),
      verdict,
    };
    expect(() => parseReviewHeldRecord(held)).toThrow(CodecError);
  });
});

function countedPartOf(fact: ReviewFact): CountedFact {
  if (fact.kind !== 'review-changed') return fact;
  const { kind, cause, courseId, before, after } = fact;
  return {
    kind,
    cause,
    courseId,
    before: before && { halfStars: before.halfStars, createdAtMs: before.createdAtMs },
    after: after && {
      halfStars: after.halfStars,
      createdAtMs: after.createdAtMs,
      imported: after.imported,
      courseTitle: after.courseTitle,
    },
  };
}

function changeSaying(content: string): Extract<ReviewFact, { kind: 'review-changed' }> {
  const writtenAt = { createdAtMs: 1 as EventTimeMs, modifiedAtMs: 1 as EventTimeMs };
  return {
    kind: 'review-changed',
    cause: { offset: 1, ordinal: 0 },
    reviewId: 'review' as ReviewId,
    courseId: 'course' as CourseId,
    userId: 'user' as UserId,
    before: null,
    after: {
      halfStars: 9 as HalfStars,
      ...writtenAt,
      imported: false,
      courseTitle: 'Course',
      title: null,
      content,
    },
  };
}
