import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  emptyHistogram,
  histogramOf,
  type CourseId,
  type EpochDay,
  type EventTimeMs,
  type HalfStars,
  type HeldVerdict,
} from '@reviews/domain';
import {
  createReadModel,
  databaseSchemaOf,
  migrate,
  type AggregatorProgressRecord,
  type CourseStatistic,
  type ReadModel,
  type ReviewUpdate,
  type SinkRange,
  type SinkTopic,
} from '@reviews/read-model';
import { Client } from 'pg';
import { databaseForTests, type TestDatabase } from './support/database.js';
import { eventually } from './support/eventually.js';

const START_LIMIT_MS = 60_000;
const PATIENCE_MS = 10_000;
const PARTITION = 3;

let database: TestDatabase;
let topicPrefix: string;
let readModel: ReadModel;
let prefixes = 0;

beforeAll(async () => {
  database = await databaseForTests();
}, START_LIMIT_MS);
afterAll(async () => {
  await database.stop();
});
beforeEach(async () => {
  prefixes += 1;
  topicPrefix = `test_${process.pid}_${prefixes}-`;
  const { databaseUrl } = database;
  await migrate({ databaseUrl, topicPrefix });
  readModel = createReadModel({ databaseUrl, topicPrefix });
});
afterEach(async () => {
  await readModel.close();
  await sql(`drop schema ${databaseSchemaOf(topicPrefix)} cascade`);
});

const sql = async (text: string): Promise<Record<string, unknown>[]> => {
  const client = new Client({ connectionString: database.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
};

const course = (id: string): CourseId => id as CourseId;
const statistic = (courseId: string, version: number, halfStars = 10): CourseStatistic => ({
  courseId,
  courseTitle: `Title at ${version}`,
  histogram: histogramOf(halfStars as HalfStars),
  lastReviewAtMs: (1_700_000_000_123 + version) as EventTimeMs,
  version,
  updatedAtMs: 1_700_000_000_456 + version,
  day: null,
});
const range = (topic: SinkTopic, from: number, to: number): SinkRange => ({
  topic,
  partition: PARTITION,
  from,
  to,
});
const storeAllTime = (from: number, to: number, ...statistics: CourseStatistic[]): Promise<void> =>
  readModel.sink.storeLongTermStats(range('long-term-stats', from, to), statistics);
const storeRecent = (from: number, to: number, ...statistics: CourseStatistic[]): Promise<void> =>
  readModel.sink.storeRecentStats(range('recent-stats', from, to), statistics);
const storeProgress = (from: number, ...records: AggregatorProgressRecord[]): Promise<void> =>
  readModel.sink.storeAggregatorProgress(range('aggregator-progress', from, from + records.length), records);
const progress = (recordOffset: number, longTermStatsEnd: number, recentStatsEnd: number) => ({
  recordOffset,
  longTermStatsEnd,
  recentStatsEnd,
  reviewsEnd: 100 + recordOffset,
  reviewsValidEnd: 50 + recordOffset,
  day: (20_000 + recordOffset) as EpochDay,
});
const position = async (topic: SinkTopic): Promise<number | undefined> =>
  (await readModel.sink.positionsOf([{ topic, partition: PARTITION }]))[0];
const allTimeVersion = async (courseId: string): Promise<number | undefined> =>
  (await readModel.statistics.courseStatistics(course(courseId)))?.allTime.version;

describe('migrations', () => {
  it('change nothing the second time', async () => {
    await storeAllTime(0, 1, statistic('a', 1));
    await migrate({ databaseUrl: database.databaseUrl, topicPrefix });
    expect(await allTimeVersion('a')).toBe(1);
  });

  it('may be run by several processes at once', async () => {
    const fresh = { databaseUrl: database.databaseUrl, topicPrefix: `${topicPrefix}together-` };
    await Promise.all([migrate(fresh), migrate(fresh), migrate(fresh)]);
    const other = createReadModel(fresh);
    await expect(other.ping()).resolves.toBeUndefined();
    await other.close();
    await sql(`drop schema ${databaseSchemaOf(fresh.topicPrefix)} cascade`);
  });

  it('give each prefix tables of its own', async () => {
    const fresh = { databaseUrl: database.databaseUrl, topicPrefix: `${topicPrefix}other-` };
    await migrate(fresh);
    await storeAllTime(0, 1, statistic('a', 1));
    const other = createReadModel(fresh);
    expect(await other.statistics.courseStatistics(course('a'))).toBeNull();
    await other.close();
    await sql(`drop schema ${databaseSchemaOf(fresh.topicPrefix)} cascade`);
  });
});

describe('a read model', () => {
  it('asks for the set-up while its tables are missing', async () => {
    const unknown = createReadModel({ databaseUrl: database.databaseUrl, topicPrefix: 'never-set-up-' });
    await expect(unknown.ping()).rejects.toMatchObject({ code: 'NOT_MIGRATED', retriable: true });
    await unknown.close();
  });

  it('says that the database is not there, and goes on when asked again', async () => {
    const nowhere = new URL(database.databaseUrl);
    nowhere.port = '1';
    const unreachable = createReadModel({ databaseUrl: nowhere.href, topicPrefix });
    await expect(unreachable.ping()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await unreachable.close();
  });

  it('survives the loss of all its connections', async () => {
    await readModel.ping();
    await sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'course-reviews'`,
    );
    await readModel.ping().catch(() => undefined);
    await expect(readModel.ping()).resolves.toBeUndefined();
  });
});

describe('stored statistics', () => {
  it('come back as they went in, with day and milliseconds', async () => {
    const allTime = { ...statistic('a', 5, 3), histogram: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] };
    const recent = { ...statistic('a', 4, 7), day: 20_512 as EpochDay };
    await storeAllTime(0, 1, allTime);
    await storeRecent(0, 1, recent);
    const { histogram, lastReviewAtMs, version, updatedAtMs } = allTime;
    expect(await readModel.statistics.courseStatistics(course('a'))).toEqual({
      courseId: 'a',
      courseTitle: 'Title at 5',
      allTime: { histogram, lastReviewAtMs, version, updatedAtMs },
      recent: {
        histogram: recent.histogram,
        lastReviewAtMs: recent.lastReviewAtMs,
        version: 4,
        updatedAtMs: recent.updatedAtMs,
        day: 20_512,
      },
    });
  });

  it('are absent while only recent ones have come', async () => {
    await storeRecent(0, 1, statistic('a', 1));
    expect(await readModel.statistics.courseStatistics(course('a'))).toBeNull();
  });

  it('have version -1 for recent ones that have not come', async () => {
    await storeAllTime(0, 1, statistic('a', 1));
    const stored = await readModel.statistics.courseStatistics(course('a'));
    expect(stored?.recent).toEqual({
      histogram: emptyHistogram,
      lastReviewAtMs: null,
      version: -1,
      updatedAtMs: 0,
      day: null,
    });
  });

  it('are replaced by the same or a newer version only', async () => {
    await storeAllTime(0, 1, statistic('a', 7, 1));
    await storeAllTime(1, 2, statistic('a', 6, 2));
    expect(await allTimeVersion('a')).toBe(7);
    await storeAllTime(2, 3, statistic('a', 7, 3));
    const stored = await readModel.statistics.courseStatistics(course('a'));
    expect(stored?.allTime.histogram).toEqual(histogramOf(3 as HalfStars));
  });

  it('are the last of each course in a batch', async () => {
    await storeAllTime(0, 4, statistic('a', 1), statistic('b', 2), statistic('a', 3), statistic('b', 4));
    expect([await allTimeVersion('a'), await allTimeVersion('b')]).toEqual([3, 4]);
  });

  it('keep the title of whichever statistic is newer', async () => {
    await storeRecent(0, 1, statistic('a', 9));
    await storeAllTime(0, 1, statistic('a', 5));
    expect((await readModel.statistics.courseStatistics(course('a')))?.courseTitle).toBe('Title at 9');
    await storeAllTime(1, 2, statistic('a', 10));
    expect((await readModel.statistics.courseStatistics(course('a')))?.courseTitle).toBe('Title at 10');
  });

  it('take a title with any character', async () => {
    await storeAllTime(0, 1, { ...statistic('a', 1), courseTitle: 'a\u0000b 🎓 "\\\' c' });
    const stored = await readModel.statistics.courseStatistics(course('a'));
    expect(stored?.courseTitle).toBe('a\uFFFDb 🎓 "\\\' c');
  });

  it('tell SQL users count and sum without arithmetic', async () => {
    await storeAllTime(0, 1, { ...statistic('a', 1), histogram: [1, 0, 0, 0, 0, 0, 0, 0, 0, 2] });
    const [row] = await sql(
      `select all_time_count, all_time_sum_half_stars from ${databaseSchemaOf(topicPrefix)}.course_statistics`,
    );
    expect(row).toEqual({ all_time_count: '3', all_time_sum_half_stars: '21' });
  });

  it('of both topics are stored at the same time without a deadlock', async () => {
    const courses = Array.from({ length: 3_000 }, (_, index) => statistic(`course-${index}`, 1));
    for (let round = 0; round < 5; round++) {
      const again = courses.map((one) => ({ ...one, version: round + 1 }));
      await Promise.all([
        storeAllTime(round, round + 1, ...again),
        storeRecent(round, round + 1, ...again.toReversed()),
      ]);
    }
    expect(await allTimeVersion('course-2999')).toBe(5);
  });
});

describe('stored reviews', () => {
  const rated = (halfStars: number) => ({
    halfStars: halfStars as HalfStars,
    createdAtMs: 1_700_000_000_123 as EventTimeMs,
    modifiedAtMs: 1_700_000_000_456 as EventTimeMs,
    imported: true,
  });
  const verdict: HeldVerdict = {
    kind: 'held',
    score: 80,
    reasons: ['a "b" \\c', 'd,{e}', ''],
    detectorName: 'rules',
    detectorVersion: '2',
  };
  const update = (
    [offset, ordinal]: readonly [number, number],
    state: ReviewUpdate['state'],
    text?: string,
  ): ReviewUpdate => ({
    courseId: 'course-1',
    userId: 'user-1',
    reviewId: '5b0c6c1e-4a55-5d0f-9d0e-6a3c1f2b7e90',
    cause: { offset, ordinal },
    state,
    text: text === undefined ? null : { cause: { offset, ordinal }, title: null, content: text },
  });
  const published = (at: readonly [number, number], text: string): ReviewUpdate =>
    update(at, { kind: 'published', ...rated(9) }, text);
  const held = (at: readonly [number, number], text?: string): ReviewUpdate =>
    update(at, { kind: 'held', verdict, ...rated(2) }, text);
  const withdrawn = (at: readonly [number, number]): ReviewUpdate => update(at, { kind: 'withdrawn' });
  const ends = { 'reviews-valid': 0, 'reviews-fraud': 0, 'fraud-detector-progress': 0 };
  const next = (topic: keyof typeof ends): SinkRange => {
    ends[topic] += 1;
    return range(topic, ends[topic] - 1, ends[topic]);
  };
  const store = (topic: 'reviews-valid' | 'reviews-fraud', ...updates: ReviewUpdate[]): Promise<void> =>
    readModel.sink.storeReviews(next(topic), updates);
  /** Commands before `reviewsEnd` are covered by what was stored so far and one more record of each topic named. */
  const cover = (reviewsEnd: number, more: Partial<typeof ends> = {}): Promise<void> =>
    readModel.sink.storeFraudDetectorProgress(next('fraud-detector-progress'), [
      {
        recordOffset: ends['fraud-detector-progress'],
        reviewsEnd,
        reviewsValidEnd: ends['reviews-valid'] + (more['reviews-valid'] ?? 0),
        reviewsFraudEnd: ends['reviews-fraud'] + (more['reviews-fraud'] ?? 0),
      },
    ]);
  const row = async (): Promise<Record<string, unknown> | undefined> =>
    (await sql(`select * from ${databaseSchemaOf(topicPrefix)}.reviews`))[0];

  beforeEach(() => {
    for (const topic of ['reviews-valid', 'reviews-fraud', 'fraud-detector-progress'] as const)
      ends[topic] = 0;
  });

  it('have everything a hold says, whatever characters are in it', async () => {
    await store('reviews-fraud', held([3, 1], 'a\u0000b 🎓 \uD800 "\\\' c'));
    expect(await row()).toMatchObject({
      course_id: 'course-1',
      user_id: 'user-1',
      partition: PARTITION,
      status: 'held',
      cause_offset: '3',
      cause_ordinal: 1,
      half_stars: 2,
      created_at: new Date(1_700_000_000_123),
      modified_at: new Date(1_700_000_000_456),
      imported: true,
      held_score: 80,
      held_reasons: verdict.reasons,
      detector_name: 'rules',
      detector_version: '2',
      text_offset: '3',
      text_ordinal: 1,
      title: null,
      content: 'a\uFFFDb 🎓 \uFFFD "\\\' c',
    });
  });

  // Far beyond what the sink waits for a statement, before long words were cut.
  it.each(['a_', '~/', 'a-1-', '<!-- '])(
    'are stored however hard %j is to search, again and again',
    async (piece) => {
      const text = piece.repeat(32_768 / piece.length);
      await store(
        'reviews-valid',
        ...Array.from({ length: 16 }, (_, index) => ({
          ...published([1, 0], text),
          userId: `user-${index}`,
        })),
      );
      expect(await sql(`select count(*)::int as rows from ${databaseSchemaOf(topicPrefix)}.reviews`)).toEqual(
        [{ rows: 16 }],
      );
    },
  );

  it('are found by their words, hyphens, addresses and what looks like tags included', async () => {
    await store('reviews-valid', published([1, 0], 'A well-made <b>course</b>, see https://example.org/a_b'));
    for (const words of ['well-made', 'course', 'b', 'example.org/a_b', '"well-made b course"'])
      expect(
        await sql(
          `select count(*)::int as found from ${databaseSchemaOf(topicPrefix)}.reviews
           where search @@ websearch_to_tsquery('simple', '${words}')`,
        ),
      ).toEqual([{ found: 1 }]);
  });

  it('lose rating, dates and reasons when they are withdrawn', async () => {
    await store('reviews-fraud', held([3, 0], 'text'), withdrawn([4, 0]));
    expect(await row()).toMatchObject({
      status: 'withdrawn',
      half_stars: null,
      created_at: null,
      modified_at: null,
      imported: null,
      held_score: null,
      held_reasons: null,
      detector_name: null,
    });
  });

  it('become the same whatever the order in which two topics come', async () => {
    const lives: readonly (readonly ReviewUpdate[])[] = [
      [published([1, 0], 'a'), withdrawn([2, 0]), held([2, 1], 'b')],
      [held([1, 0], 'a'), published([2, 0], 'b'), withdrawn([2, 1])],
      [published([1, 0], 'a'), withdrawn([1, 1]), held([1, 2])],
      [held([1, 0], 'a'), published([2, 0], 'b'), withdrawn([2, 1]), withdrawn([2, 2]), held([2, 3])],
    ];
    for (const life of lives) {
      const rows: unknown[] = [];
      for (const order of [life, life.toReversed(), [...life.slice(1), ...life.slice(0, 1)]]) {
        await sql(`truncate ${databaseSchemaOf(topicPrefix)}.reviews`);
        for (const one of order) await store('reviews-valid', one);
        for (const one of order) await store('reviews-fraud', one);
        rows.push(await row());
      }
      await sql(`truncate ${databaseSchemaOf(topicPrefix)}.reviews`);
      await store('reviews-valid', ...life);
      rows.push(await row());
      for (const one of rows) expect(one).toEqual(rows[0]);
    }
  });

  it('keep their text while the hold that may need it can still come, and lose it when none can', async () => {
    //  reviews-valid   published 1 │ withdrawn 2,0 ── by a hold after the fact, or by the learner?
    //  reviews-fraud               │ held 2,1 ──────── not here yet
    await store('reviews-valid', published([1, 0], 'text'), withdrawn([2, 0]));
    await cover(2);
    expect(await row()).toMatchObject({ status: 'withdrawn', content: 'text' });
    await cover(3, { 'reviews-fraud': 1 });
    expect(await row()).toMatchObject({ status: 'withdrawn', content: 'text' });
    await store('reviews-fraud', held([2, 1]));
    expect(await row()).toMatchObject({ status: 'held', content: 'text' });
    await store('reviews-fraud', withdrawn([5, 0]));
    expect(await row()).toMatchObject({ status: 'withdrawn', content: 'text' });
    await cover(6);
    expect(await row()).toMatchObject({ status: 'withdrawn', content: null, text_offset: '1' });
  });

  it('keep their text when the hold that needs it comes together with the progress that speaks of it', async () => {
    await store('reviews-valid', published([1, 0], 'text'), withdrawn([2, 0]));
    await Promise.all([cover(3, { 'reviews-fraud': 1 }), store('reviews-fraud', held([2, 1]))]);
    expect(await row()).toMatchObject({ status: 'held', content: 'text' });
  });

  it('lose their text with whichever range makes the progress true', async () => {
    await store('reviews-valid', published([1, 0], 'text'));
    await cover(3, { 'reviews-valid': 1, 'reviews-fraud': 1 });
    await store('reviews-valid', withdrawn([2, 0]));
    expect(await row()).toMatchObject({ content: 'text' });
    await store('reviews-fraud');
    expect(await row()).toMatchObject({ content: null });
  });

  it('do not get a text back from an older record, nor from the same record again', async () => {
    await store('reviews-valid', published([1, 0], 'text'), withdrawn([2, 0]));
    await cover(3);
    await store('reviews-valid', published([1, 0], 'text'), withdrawn([2, 0]));
    await store('reviews-fraud', held([0, 0], 'older'));
    expect(await row()).toMatchObject({ status: 'withdrawn', content: null });
    await store('reviews-valid', published([7, 0], 'anew'));
    expect(await row()).toMatchObject({ status: 'published', content: 'anew' });
  });

  it('of both topics, and progress, are stored at the same time without a deadlock', async () => {
    // More than share a transaction.
    const many = (state: (index: number) => ReviewUpdate): ReviewUpdate[] =>
      Array.from({ length: 1_000 }, (_, index) => ({ ...state(index), userId: `user-${index}` }));
    for (let round = 0; round < 5; round++) {
      const offset = 10 * round;
      await Promise.all([
        store('reviews-valid', ...many(() => published([offset, 0], 'text'))),
        store('reviews-fraud', ...many(() => withdrawn([offset + 1, 0])).toReversed()),
        cover(offset + 2),
      ]);
    }
    const texts = await sql(
      `select count(*)::int as rows, count(content)::int as texts from ${databaseSchemaOf(topicPrefix)}.reviews`,
    );
    expect(texts).toEqual([{ rows: 1_000, texts: 0 }]);
  });
});

describe('the topics that write the same rows', () => {
  it('take turns in a partition, and only there', async () => {
    const { sink } = readModel;
    await sink.storeReviews(range('reviews-valid', 0, 1), []);
    const other = new Client({ connectionString: database.databaseUrl });
    await other.connect();
    try {
      await other.query('begin');
      await other.query(
        `select from ${databaseSchemaOf(topicPrefix)}.sink_positions
         where topic = 'reviews-fraud' and partition = ${PARTITION} for update`,
      );
      const waiting = sink.storeReviews(range('reviews-valid', 1, 2), []);
      await eventually(async () => {
        expect(await sql('select from pg_locks where not granted')).toHaveLength(1);
      }, PATIENCE_MS);
      expect(await position('reviews-valid')).toBe(1);
      await sink.storeReviews({ ...range('reviews-valid', 0, 1), partition: PARTITION + 1 }, []);
      await storeAllTime(0, 1);
      await other.query('rollback');
      await waiting;
      expect(await position('reviews-valid')).toBe(2);
    } finally {
      await other.end();
    }
  });
});

describe('small ranges of a partition that come together', () => {
  /** The transactions that have stored a topic's position, by topic. */
  const transactions = async (): Promise<ReadonlyMap<unknown, unknown>> => {
    const rows = await sql(
      `select topic, xmin::text as transaction from ${databaseSchemaOf(topicPrefix)}.sink_positions`,
    );
    return new Map(rows.map((row) => [row['topic'], row['transaction']]));
  };

  it('share a transaction when one service has written them', async () => {
    await Promise.all([
      storeRecent(0, 1, statistic('a', 1)),
      storeProgress(0, progress(0, 1, 1)),
      storeAllTime(0, 1, statistic('a', 1)),
      readModel.sink.storeReviews(range('reviews-valid', 0, 1), []),
    ]);
    const by = await transactions();
    const ofStatistics = by.get('long-term-stats');
    expect(['recent-stats', 'aggregator-progress'].map((topic) => by.get(topic))).toEqual([
      ofStatistics,
      ofStatistics,
    ]);
    expect(by.get('reviews-valid')).not.toBe(ofStatistics);
    expect(await readModel.statistics.progress(PARTITION)).toMatchObject({ reviewsEnd: 100 });
  });

  it('are stored without those that cannot be', async () => {
    const [gap, bad, good] = await Promise.allSettled([
      storeProgress(5, progress(5, 1, 1)),
      storeRecent(0, 1, { ...statistic('a', 2), version: 0.5 }),
      storeAllTime(0, 1, statistic('a', 1)),
    ]);
    expect([gap, bad, good].map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(await allTimeVersion('a')).toBe(1);
    expect(await position('recent-stats')).toBe(0);
  });

  it('are stored by two owners at the same time without a deadlock', async () => {
    const other = createReadModel({ databaseUrl: database.databaseUrl, topicPrefix });
    const courses = Array.from({ length: 100 }, (_, index) => statistic(`course-${index}`, 1));
    for (let round = 0; round < 30; round++)
      await Promise.all(
        [readModel, other].flatMap(({ sink }) => [
          sink.storeRecentStats(range('recent-stats', round, round + 1), courses),
          sink.storeLongTermStats(range('long-term-stats', round, round + 1), courses),
        ]),
      );
    await other.close();
    expect(await position('long-term-stats')).toBe(30);
  });
});

describe('whoever listens', () => {
  it('hears of every range that was stored, and of no other', async () => {
    const listener = new Client({ connectionString: database.databaseUrl });
    await listener.connect();
    try {
      const heard: unknown[] = [];
      listener.on('notification', ({ channel, payload }) => heard.push([channel, payload]));
      await listener.query(`listen ${databaseSchemaOf(topicPrefix)}`);
      await storeAllTime(0, 10, statistic('a', 1));
      await storeAllTime(0, 10, statistic('a', 1));
      await storeRecent(0, 5);
      await listener.query('select 1');
      expect(heard).toEqual([
        [databaseSchemaOf(topicPrefix), ''],
        [databaseSchemaOf(topicPrefix), ''],
      ]);
    } finally {
      await listener.end();
    }
  });
});

describe('a position', () => {
  it('is 0 where nothing was stored', async () => {
    expect(await position('recent-stats')).toBe(0);
  });

  it('moves to the end of each batch, and of an empty one', async () => {
    await storeAllTime(0, 10, statistic('a', 1));
    expect(await position('long-term-stats')).toBe(10);
    await storeAllTime(10, 12);
    expect(await position('long-term-stats')).toBe(12);
  });

  it('stays when a row of its batch cannot be stored', async () => {
    const unstorable = { ...statistic('b', 2), version: 0.5 };
    await storeAllTime(0, 10, statistic('a', 1));
    await expect(storeAllTime(10, 20, statistic('a', 2), unstorable)).rejects.toMatchObject({
      code: 'QUERY_REFUSED',
    });
    expect(await position('long-term-stats')).toBe(10);
    expect(await allTimeVersion('a')).toBe(1);
  });

  it('refuses a batch that begins after it, and stores nothing of it', async () => {
    await storeAllTime(0, 10, statistic('a', 1));
    await expect(storeAllTime(11, 20, statistic('a', 2))).rejects.toMatchObject({ code: 'POSITION_GAP' });
    expect(await allTimeVersion('a')).toBe(1);
    expect(await position('long-term-stats')).toBe(10);
  });

  it('never goes back: a batch stored before changes nothing', async () => {
    await storeAllTime(0, 10, statistic('a', 1));
    await storeAllTime(10, 20, statistic('a', 2));
    await storeAllTime(0, 10, statistic('a', 1));
    expect(await position('long-term-stats')).toBe(20);
    expect(await allTimeVersion('a')).toBe(2);
  });

  it('takes a batch a zombie stored the beginning of', async () => {
    //  zombie      10 ── 15
    //  new owner   10 ────── 20
    await storeAllTime(0, 10, statistic('a', 1));
    await storeAllTime(10, 15, statistic('a', 2));
    await storeAllTime(10, 20, statistic('a', 2), statistic('a', 3));
    expect(await position('long-term-stats')).toBe(20);
    expect(await allTimeVersion('a')).toBe(3);
  });

  it('is right whoever of two owners comes first', async () => {
    for (let begin = 0; begin < 200; begin += 20) {
      await Promise.all([
        storeAllTime(begin, begin + 20, statistic('a', begin + 1), statistic('a', begin + 2)),
        storeAllTime(begin, begin + 10, statistic('a', begin + 1)),
      ]);
      expect(await position('long-term-stats')).toBe(begin + 20);
      expect(await allTimeVersion('a')).toBe(begin + 2);
    }
  });
});

describe('progress', () => {
  const reportedReviewsEnd = async (): Promise<number | undefined> =>
    (await readModel.statistics.progress(PARTITION))?.reviewsEnd;

  it('is null before the first', async () => {
    expect(await readModel.statistics.progress(PARTITION)).toBeNull();
  });

  it('comes back as it went in, a day that has not begun included', async () => {
    await storeProgress(0, { ...progress(0, 0, 0), day: null });
    expect(await readModel.statistics.progress(PARTITION)).toEqual({
      reviewsEnd: 100,
      reviewsValidEnd: 50,
      day: null,
    });
    await storeProgress(1, progress(1, 0, 0));
    expect((await readModel.statistics.progress(PARTITION))?.day).toBe(20_001);
  });

  it('is told once the statistics it names are stored on both topics, whichever comes last', async () => {
    await storeProgress(0, progress(0, 5, 7));
    expect(await reportedReviewsEnd()).toBeUndefined();
    await storeAllTime(0, 5);
    expect(await reportedReviewsEnd()).toBeUndefined();
    await storeRecent(0, 6);
    expect(await reportedReviewsEnd()).toBeUndefined();
    await storeRecent(6, 7);
    expect(await reportedReviewsEnd()).toBe(100);
  });

  it('stays what it was until the next is true', async () => {
    await storeAllTime(0, 5);
    await storeRecent(0, 5);
    await storeProgress(0, progress(0, 5, 5));
    await storeProgress(1, progress(1, 9, 5));
    expect(await reportedReviewsEnd()).toBe(100);
    await storeAllTime(5, 9);
    expect(await reportedReviewsEnd()).toBe(101);
  });

  it('is told for the first of many records as soon as that is true', async () => {
    await storeProgress(0, ...[1, 2, 3, 4, 5].map((end, index) => progress(index, end, end)));
    await storeProgress(5, progress(5, 6, 6));
    await storeAllTime(0, 1);
    await storeRecent(0, 1);
    expect(await reportedReviewsEnd()).toBe(100);
    await storeAllTime(1, 6);
    await storeRecent(1, 6);
    expect(await reportedReviewsEnd()).toBe(105);
  });

  it('takes no more room however many records come', async () => {
    for (let from = 0; from < 30; from += 3)
      await storeProgress(from, ...[0, 1, 2].map((step) => progress(from + step, 1_000, 1_000)));
    const rows = await sql(
      `select record_offset from ${databaseSchemaOf(topicPrefix)}.aggregator_progress order by record_offset`,
    );
    expect(rows.map((row) => row['record_offset'])).toEqual(['0', '29']);
  });

  it('of another partition is another', async () => {
    await storeProgress(0, progress(0, 0, 0));
    expect(await readModel.statistics.progress(PARTITION + 1)).toBeNull();
  });
});
