import { describe, expect, it } from '@jest/globals';
import {
  AVRO_TOPICS,
  confluentAvro,
  schemaOf,
  toCourseStatisticsRecord,
  toReviewFactRecord,
  toReviewHeldRecord,
  type AggregatorProgress,
  type AvroTopic,
  type CourseStatistics,
  type FraudDetectorProgress,
} from '@reviews/contracts';
import {
  histogramOf,
  type Cause,
  type CourseId,
  type EpochDay,
  type EventTimeMs,
  type HalfStars,
  type HeldVerdict,
  type PublishedReview,
  type ReviewChange,
  type ReviewFact,
  type ReviewHeld,
  type ReviewId,
  type UserId,
} from '@reviews/domain';
import { ReadModelError, type ReviewUpdate } from '@reviews/read-model';
import { offsetOf, type RecordBatch } from '@reviews/streams';
import { projectionDecoders } from './decoders.js';
import { projectionOf } from './projection.js';
import { MemoryRegistry } from './testing/memory-registry.js';
import { MemoryTables } from './testing/memory-tables.js';

const PREFIX = 'staging-';
const PARTITION = 2;

const setUp = () => {
  const store = new MemoryTables();
  const registry = new MemoryRegistry();
  const sink = projectionOf({
    store,
    decoders: projectionDecoders(registry),
    topicPrefix: PREFIX,
  });
  return { store, registry, sink };
};

const encode = (topic: AvroTopic, value: object): Buffer =>
  confluentAvro(new MemoryRegistry(), schemaOf(topic), AVRO_TOPICS.indexOf(topic)).encode(value);

const batch = (topic: AvroTopic, from: number, values: readonly (Buffer | null)[]): RecordBatch => ({
  topic: PREFIX + topic,
  partition: PARTITION,
  records: values.map((value, index) => ({
    offset: offsetOf(from + index),
    key: null,
    value,
    appendTimeMs: 0,
    headers: {},
  })),
  fetchedOffset: offsetOf(from),
  // A control record ends the transaction.
  nextOffset: offsetOf(from + values.length + 1),
  highWatermark: offsetOf(from + values.length + 1),
});

const statistics = (version: number): CourseStatistics => ({
  courseId: 'course-1' as CourseId,
  courseTitle: 'Compilers',
  histogram: histogramOf(9 as HalfStars),
  lastReviewAtMs: 1_700_000_000_000 as EventTimeMs,
  version,
  updatedAtMs: 1_700_000_000_001,
  day: 20_000 as EpochDay,
});
const statisticsValue = (topic: 'long-term-stats' | 'recent-stats', version: number): Buffer =>
  encode(topic, toCourseStatisticsRecord(statistics(version)));

const fraudProgress: FraudDetectorProgress = {
  partition: PARTITION,
  reviewsEnd: 10,
  reviewsValidEnd: 9,
  reviewsFraudEnd: 3,
};

const cause = (offset: number, ordinal: number): Cause => ({ offset, ordinal });
const change = (offset: number, ordinal: number): Omit<ReviewChange, 'before' | 'after'> => ({
  cause: cause(offset, ordinal),
  reviewId: 'a1b2' as ReviewId,
  courseId: 'course-1' as CourseId,
  userId: 'user-1' as UserId,
});
const rated = {
  halfStars: 9 as HalfStars,
  createdAtMs: 1_700_000_000_000 as EventTimeMs,
  modifiedAtMs: 1_700_000_000_001 as EventTimeMs,
  imported: false,
};
const review: PublishedReview = { ...rated, courseTitle: 'Compilers', title: 'Great', content: 'All of it' };
const verdict: HeldVerdict = {
  kind: 'held',
  score: 90,
  reasons: ['copied'],
  detectorName: 'rules',
  detectorVersion: '1',
};
const published: ReviewUpdate = {
  ...change(3, 1),
  state: { kind: 'published', ...rated },
  text: { cause: cause(3, 1), title: 'Great', content: 'All of it' },
};

const progress: AggregatorProgress = {
  partition: PARTITION,
  reviewsEnd: 10,
  reviewsValidEnd: 9,
  day: 20_000,
  longTermStatsEnd: 5,
  recentStatsEnd: 4,
};

describe('the projection of topics into tables', () => {
  it('stores each topic in its own place, and the position after the batch with it', async () => {
    const { store, sink } = setUp();
    await sink.apply(batch('long-term-stats', 0, [statisticsValue('long-term-stats', 3)]));
    await sink.apply(
      batch('recent-stats', 0, [statisticsValue('recent-stats', 4), statisticsValue('recent-stats', 5)]),
    );
    await sink.apply(batch('aggregator-progress', 0, [encode('aggregator-progress', progress)]));
    await sink.apply(batch('fraud-detector-progress', 0, [encode('fraud-detector-progress', fraudProgress)]));
    expect(store.longTermStats).toEqual([statistics(3)]);
    expect(store.recentStats).toEqual([statistics(4), statistics(5)]);
    expect(store.aggregatorProgress).toEqual([{ ...progress, recordOffset: 0 }]);
    expect(store.fraudDetectorProgress).toEqual([{ ...fraudProgress, recordOffset: 0 }]);
    expect([...store.positions]).toEqual([
      ['long-term-stats/2', 2],
      ['recent-stats/2', 3],
      ['aggregator-progress/2', 2],
      ['fraud-detector-progress/2', 2],
    ]);
  });

  it('stores what both topics of facts say of reviews, and of days and progress the position alone', async () => {
    const { store, sink } = setUp();
    const facts: ReviewFact[] = [
      { kind: 'day-started', cause: cause(3, 0), day: 20_000 as EpochDay },
      { kind: 'review-changed', ...change(3, 1), before: null, after: review },
      { kind: 'progress', cause: cause(4, 0) },
    ];
    const values = facts.map((fact) => encode('reviews-valid', toReviewFactRecord(fact)));
    await sink.apply(batch('reviews-valid', 0, values));
    expect(store.reviews).toEqual([published]);
    expect(store.positions.get('reviews-valid/2')).toBe(4);
    const held: ReviewHeld = { ...change(5, 1), before: null, after: review, verdict, textOffset: null };
    await sink.apply(batch('reviews-fraud', 0, [encode('reviews-fraud', toReviewHeldRecord(held))]));
    expect(store.reviews[1]).toMatchObject({ cause: cause(5, 1), state: { kind: 'held', verdict } });
  });

  it('takes a review held without a reason for an impossible record', async () => {
    const { store, sink } = setUp();
    const held: ReviewHeld = {
      ...change(5, 1),
      before: null,
      after: review,
      verdict: null,
      textOffset: null,
    };
    const value = encode('reviews-fraud', toReviewHeldRecord(held));
    await expect(sink.apply(batch('reviews-fraud', 0, [value]))).rejects.toMatchObject({
      code: 'IMPOSSIBLE_RECORD',
    });
    expect(store.positions.size).toBe(0);
  });

  it('goes on where the tables stand', async () => {
    const { store, sink } = setUp();
    store.positions.set('recent-stats/2', 40);
    const assigned = ['long-term-stats', 'recent-stats'].map((topic) => ({
      topic: PREFIX + topic,
      partition: PARTITION,
    }));
    expect([...(await sink.positionsOf(assigned))]).toEqual([
      ['staging-long-term-stats/2', 0],
      ['staging-recent-stats/2', 40],
    ]);
  });

  it('goes on behind control records that no batch contained', async () => {
    //  batch 0 ── 2 │ control records 2, 3 │ batch 4 ──
    const { store, sink } = setUp();
    await sink.apply(batch('recent-stats', 0, [statisticsValue('recent-stats', 1)]));
    await sink.apply(batch('recent-stats', 4, [statisticsValue('recent-stats', 2)]));
    expect(store.positions.get('recent-stats/2')).toBe(6);
  });

  it('stores nothing of a batch with a record that cannot be read, and names the record', async () => {
    const { store, sink } = setUp();
    const values = [statisticsValue('recent-stats', 1), Buffer.from('not avro')];
    const applied = sink.apply(batch('recent-stats', 7, values));
    await expect(applied).rejects.toMatchObject({ code: 'IMPOSSIBLE_RECORD' });
    await expect(applied).rejects.toThrow('staging-recent-stats/2 offset 8');
    expect(store.recentStats).toEqual([]);
  });

  it.each([
    ['a tombstone', null],
    ['a value of another topic', encode('aggregator-progress', progress)],
  ])('takes %s for an impossible record', async (_, value) => {
    const { sink } = setUp();
    await expect(sink.apply(batch('recent-stats', 0, [value]))).rejects.toMatchObject({
      code: 'IMPOSSIBLE_RECORD',
    });
  });

  it.each([
    ['aggregator-progress', progress],
    ['fraud-detector-progress', fraudProgress],
  ] as const)('takes %s of another partition for an impossible record', async (topic, record) => {
    const { sink } = setUp();
    const foreign = encode(topic, { ...record, partition: PARTITION + 1 });
    await expect(sink.apply(batch(topic, 0, [foreign]))).rejects.toMatchObject({
      code: 'IMPOSSIBLE_RECORD',
    });
  });

  it('can be asked again after the registry or the database did not answer', async () => {
    const { store, registry, sink } = setUp();
    const lost = batch('recent-stats', 0, [statisticsValue('recent-stats', 1)]);
    registry.isReachable = false;
    await expect(sink.apply(lost)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    registry.isReachable = true;
    store.failure = new ReadModelError('DATABASE_UNAVAILABLE', 'no answer');
    await expect(sink.apply(lost)).rejects.toBe(store.failure);
    store.failure = undefined;
    await sink.apply(lost);
    expect(store.recentStats).toEqual([statistics(1)]);
  });

  it('applies a batch again whose commit went unanswered, and counts it once', async () => {
    const { store, sink } = setUp();
    const first = batch('recent-stats', 0, [statisticsValue('recent-stats', 1)]);
    await sink.apply(first);
    await sink.apply(first);
    expect(store.recentStats).toEqual([statistics(1)]);
  });

  it('says that the tables have moved when they went back, and goes on from there when it was asked where', async () => {
    const { store, sink } = setUp();
    await sink.apply(batch('recent-stats', 0, [statisticsValue('recent-stats', 1)]));
    store.positions.set('recent-stats/2', 1);
    const second = batch('recent-stats', 2, [statisticsValue('recent-stats', 2)]);
    expect(await sink.apply(second)).toBe('moved');
    expect(store.recentStats).toEqual([statistics(1)]);
    const target = { topic: `${PREFIX}recent-stats`, partition: PARTITION };
    expect((await sink.positionsOf([target])).get('staging-recent-stats/2')).toBe(1);
    expect(await sink.apply({ ...second, fetchedOffset: offsetOf(1) })).toBe('applied');
    expect(store.recentStats).toEqual([statistics(1), statistics(2)]);
  });

  it('gives up on what the database will never take', async () => {
    const { store, sink } = setUp();
    store.failure = new ReadModelError('QUERY_REFUSED', 'no such function');
    await expect(sink.apply(batch('recent-stats', 0, []))).rejects.toMatchObject({
      code: 'IMPOSSIBLE_RECORD',
    });
  });
});
