import { describe, expect, it } from '@jest/globals';
import {
  confluentAvro,
  schemaOf,
  schemaTextOf,
  toReviewFactRecord,
  type AvroTopic,
  type ConfluentAvro,
  type CourseStatisticsRecord,
  type ReviewFactRecord,
  type SchemaRegistry,
} from '@reviews/contracts';
import {
  parseCourseId,
  parseRating,
  parseUserId,
  reviewCount,
  type Cause,
  type CountedReview,
  type EpochDay,
  type EventTimeMs,
  type ReviewFact,
  type ReviewId,
} from '@reviews/domain';
import type { OutputRecord, ServiceDefinition } from '@reviews/streams';
import { taskTestDriver, type TaskTestDriver } from '@reviews/streams/testing';
import fc from 'fast-check';
import type { PartitionState } from './partition-state.js';
import { statisticsLogic } from './statistics-logic.js';
import { stores } from './statistics-ports.js';

const DAY_MS = 86_400_000;
const D = 20_000;

const TOPICS: readonly AvroTopic[] = ['reviews-valid', 'long-term-stats', 'recent-stats'];
const registry = {
  schemaById: (id: number) => Promise.resolve(schemaTextOf(TOPICS[id] ?? 'reviews')),
} as SchemaRegistry;
const codecOf = <T>(topic: AvroTopic): ConfluentAvro<T> =>
  confluentAvro<T>(registry, schemaOf(topic), TOPICS.indexOf(topic));

type Driver = TaskTestDriver<typeof stores, PartitionState>;

const facts = codecOf<ReviewFactRecord>('reviews-valid');
const longTerm = codecOf<CourseStatisticsRecord>('long-term-stats');
const recent = codecOf<CourseStatisticsRecord>('recent-stats');

const driverOf = async (sweepStep = 10): Promise<Driver> => {
  await facts.resolveWriters([bytesOf(dayStarted(D))]);
  const definition: ServiceDefinition<typeof stores, PartitionState> = {
    applicationId: 'aggregator',
    source: 'reviews-valid',
    changelog: 'changelog',
    deadLetters: 'dead-letters',
    outputs: ['long-term', 'recent'],
    stores,
    tickIntervalMs: 1,
    logicOf: ({ stores: { courses }, partitionState }) =>
      statisticsLogic(
        {
          facts,
          statistics: { longTerm, recent },
          longTermTopic: 'long-term',
          recentTopic: 'recent',
          sweepStep,
        },
        courses.entries(),
        partitionState,
      ),
  };
  return taskTestDriver(definition);
};

/** What was written, a line each: topic, course, reviews counted, version. */
const told = async (outputs: ReadonlyMap<string, readonly OutputRecord[]>): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const [topic, records] of outputs)
    for (const { value } of records) {
      const codec = topic === 'recent' ? recent : longTerm;
      await codec.resolveWriters([value]);
      const statistics = codec.decode(value);
      const histogram = Array.from({ length: 10 }, (_, index) => statistics[`halfStars${index + 1}`] ?? 0);
      lines.push(`${topic} ${statistics.courseId} ${reviewCount(histogram)} @${statistics.version}`);
    }
  return lines.sort();
};

let ordinal = 0;
const nextCause = (): Cause => ({ offset: 0, ordinal: ordinal++ });
const dayStarted = (day: number): ReviewFact => ({
  kind: 'day-started',
  cause: nextCause(),
  day: day as EpochDay,
});
const reviewOf = (rating: number, day: number): CountedReview => {
  const halfStars = parseRating(rating);
  if (halfStars === undefined) throw new Error(String(rating));
  const timeMs = (day * DAY_MS + 1) as EventTimeMs;
  return { halfStars, createdAtMs: timeMs, modifiedAtMs: timeMs };
};
const changed = (course: string, before: CountedReview | null, after: CountedReview | null): ReviewFact => {
  const courseId = parseCourseId(course);
  const userId = parseUserId('ann');
  if (courseId === undefined || userId === undefined) throw new Error(course);
  const text = { imported: false, courseTitle: null, title: null, content: null };
  return {
    kind: 'review-changed',
    cause: nextCause(),
    reviewId: 'review' as ReviewId,
    courseId,
    userId,
    before,
    after: after === null ? null : { ...after, ...text },
  };
};
const bytesOf = (fact: ReviewFact): Buffer => facts.encode(toReviewFactRecord(fact));

describe('the aggregator', () => {
  it('publishes a course once per transaction, with the last record it includes', async () => {
    const driver = await driverOf();
    const outputs = driver.pipe(
      ...[dayStarted(D), changed('a', null, reviewOf(4, D)), changed('a', null, reviewOf(5, D))].map(bytesOf),
    );
    expect(await told(outputs)).toEqual(['long-term a 2 @2', 'recent a 2 @2']);
  });

  it('publishes only the statistic that changed', async () => {
    const driver = await driverOf();
    driver.pipe(...[dayStarted(D), changed('a', null, reviewOf(4, D))].map(bytesOf));
    const old = reviewOf(3, D - 90);
    expect(await told(driver.pipe(bytesOf(changed('a', null, old))))).toEqual(['long-term a 2 @2']);
  });

  it('publishes nothing when the numbers stay', async () => {
    const driver = await driverOf();
    const review = reviewOf(4, D);
    driver.pipe(...[dayStarted(D), changed('a', null, review)].map(bytesOf));
    expect(await told(driver.pipe(bytesOf(changed('a', review, review))))).toEqual([]);
  });

  it('lets a quiet course fall to nothing on the day its last review leaves', async () => {
    const driver = await driverOf();
    driver.pipe(...[dayStarted(D), changed('a', null, reviewOf(4, D))].map(bytesOf));
    //  D ─────── D+89 │ D+90
    //  in the window  │ out
    driver.pipe(bytesOf(dayStarted(D + 89)));
    expect(await told(driver.work())).toEqual([]);
    driver.pipe(bytesOf(dayStarted(D + 90)));
    expect(await told(driver.work())).toEqual(['recent a 0 @3']);
  });

  it('lets a review dated tomorrow in on its day', async () => {
    const driver = await driverOf();
    const outputs = driver.pipe(...[dayStarted(D), changed('a', null, reviewOf(4, D + 1))].map(bytesOf));
    expect(await told(outputs)).toEqual(['long-term a 1 @1', 'recent a 0 @1']);
    driver.pipe(bytesOf(dayStarted(D + 1)));
    expect(await told(driver.work())).toEqual(['recent a 1 @2']);
  });

  it('rolls a touched course first, so that its receipt is the later one', async () => {
    const driver = await driverOf();
    driver.pipe(...[dayStarted(D), changed('a', null, reviewOf(4, D))].map(bytesOf));
    const outputs = driver.pipe(
      ...[dayStarted(D + 90), changed('a', null, reviewOf(5, D + 90))].map(bytesOf),
    );
    expect(await told(outputs)).toEqual(['long-term a 2 @3', 'recent a 1 @3']);
    expect(await told(driver.work())).toEqual([]);
  });

  it('sweeps in bounded steps, and a restart between them neither skips nor repeats', async () => {
    const driver = await driverOf(1);
    const courses = ['a', 'b', 'c'];
    driver.pipe(
      ...[dayStarted(D), ...courses.map((course) => changed(course, null, reviewOf(4, D)))].map(bytesOf),
    );
    driver.pipe(bytesOf(dayStarted(D + 90)));
    expect(driver.partitionState?.sweptDay).not.toBe(D + 90);
    driver.restart();
    expect(await told(driver.work())).toEqual(['recent a 0 @4', 'recent b 0 @4', 'recent c 0 @4']);
    expect(driver.partitionState?.sweptDay).toBe(D + 90);
    driver.restart();
    expect(await told(driver.work())).toEqual([]);
  });

  it('ends the sweep of one day before the next begins', async () => {
    const driver = await driverOf();
    driver.pipe(...[dayStarted(D), changed('a', null, reviewOf(4, D))].map(bytesOf));
    const outputs = driver.pipe(...[dayStarted(D + 90), dayStarted(D + 91)].map(bytesOf));
    expect(await told(outputs)).toEqual(['recent a 0 @2']);
  });

  it('refuses causes that do not increase', async () => {
    const driver = await driverOf();
    const fact = bytesOf(dayStarted(D));
    driver.pipe(fact);
    expect(() => driver.pipe(fact)).toThrow('reviews-valid offset 1: cause');
  });

  it('refuses to take away what it never counted', async () => {
    const driver = await driverOf();
    driver.pipe(bytesOf(dayStarted(D)));
    expect(() => driver.pipe(bytesOf(changed('a', reviewOf(4, D), null)))).toThrow('never counted');
  });

  it('writes the same last statistics however its source is cut into transactions', async () => {
    const courses = ['a', 'b'];
    const script = [
      dayStarted(D),
      ...Array.from({ length: 12 }, (_, index) =>
        changed(courses[index % 2] ?? 'a', null, reviewOf(1 + (index % 5), D - (index % 4))),
      ),
      dayStarted(D + 88),
      // Touches b without changing its window: its statistic keeps the day of its version.
      changed('b', null, reviewOf(3, D - 200)),
      changed('a', null, reviewOf(2, D + 88)),
      dayStarted(D + 89),
      dayStarted(D + 200),
    ].map(bytesOf);
    const lastOf = async (cuts: readonly number[]): Promise<unknown> => {
      const driver = await driverOf(1);
      let from = 0;
      for (const to of [...cuts, script.length].sort((a, b) => a - b)) {
        driver.pipe(...script.slice(from, to));
        driver.work();
        from = to;
      }
      return [...driver.stores.courses.entries()];
    };
    const expected = await lastOf([]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(script.length), { maxLength: 6 }), async (cuts) => {
        expect(await lastOf(cuts)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});
