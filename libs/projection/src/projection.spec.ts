import { describe, expect, it } from '@jest/globals';
import {
  AVRO_TOPICS,
  confluentAvro,
  schemaOf,
  toCourseStatisticsRecord,
  type AggregatorProgress,
  type AvroTopic,
  type CourseStatistics,
} from '@reviews/contracts';
import { histogramOf, type CourseId, type EpochDay, type EventTimeMs, type HalfStars } from '@reviews/domain';
import { ReadModelError } from '@reviews/read-model';
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
  const gaps: ReadModelError[] = [];
  const sink = projectionOf({
    store,
    decoders: projectionDecoders(registry),
    topicPrefix: PREFIX,
    onGap: (error) => gaps.push(error),
  });
  return { store, registry, sink, gaps };
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
    expect(store.longTermStats).toEqual([statistics(3)]);
    expect(store.recentStats).toEqual([statistics(4), statistics(5)]);
    expect(store.aggregatorProgress).toEqual([{ ...progress, recordOffset: 0 }]);
    expect([...store.positions]).toEqual([
      ['long-term-stats/2', 2],
      ['recent-stats/2', 3],
      ['aggregator-progress/2', 2],
    ]);
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

  it('takes progress of another partition for an impossible record', async () => {
    const { sink } = setUp();
    const foreign = encode('aggregator-progress', { ...progress, partition: PARTITION + 1 });
    await expect(sink.apply(batch('aggregator-progress', 0, [foreign]))).rejects.toMatchObject({
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

  it('says so when the tables went back, and stores nothing', async () => {
    const { store, sink, gaps } = setUp();
    await sink.apply(batch('recent-stats', 0, [statisticsValue('recent-stats', 1)]));
    store.positions.set('recent-stats/2', 1);
    await expect(
      sink.apply(batch('recent-stats', 2, [statisticsValue('recent-stats', 2)])),
    ).rejects.toMatchObject({ code: 'IMPOSSIBLE_RECORD' });
    expect(gaps).toHaveLength(1);
    expect(store.recentStats).toEqual([statistics(1)]);
  });

  it('gives up on what the database will never take', async () => {
    const { store, sink } = setUp();
    store.failure = new ReadModelError('QUERY_REFUSED', 'no such function');
    await expect(sink.apply(batch('recent-stats', 0, []))).rejects.toMatchObject({
      code: 'IMPOSSIBLE_RECORD',
    });
  });
});
