import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toIsoDate, type CourseId, type HalfStars, type UserId } from '@reviews/domain';
import {
  COURSE_SORTS,
  coursePageStatement,
  createReadModel,
  migrate,
  REVIEW_SORTS,
  reviewPageStatement,
  tablesOf,
  type CoursePageRequest,
  type CourseSort,
  type PageKey,
  type ReadModel,
  type ReviewPageRequest,
  type ReviewSort,
} from '@reviews/read-model';
import fc from 'fast-check';
import { explained } from './reads/explained.js';
import { testTables, type TestReview, type TestTables } from './reads/review-rows.js';
import { databaseForTests, type TestDatabase } from './support/database.js';

const START_LIMIT_MS = 60_000;
const COURSE = 'ts-101' as CourseId;
const MANY_ROWS = 50_000;
/** So many rows lie before a deep page. */
const DEEP_ROWS = 5_000;
const LIMIT = 20;
const WALKS = 40;

let database: TestDatabase;
let topicPrefix: string;
let readModel: ReadModel;
let tables: TestTables;
let prefixes = 0;

beforeAll(async () => {
  database = await databaseForTests();
}, START_LIMIT_MS);
afterAll(async () => {
  await database.stop();
});

const openTables = async (): Promise<void> => {
  prefixes += 1;
  topicPrefix = `reads_${process.pid}_${prefixes}-`;
  const { databaseUrl } = database;
  await migrate({ databaseUrl, topicPrefix });
  readModel = createReadModel({ databaseUrl, topicPrefix });
  tables = await testTables(databaseUrl, topicPrefix);
};
const dropTables = async (): Promise<void> => {
  await tables.sql(`drop schema ${tables.schema} cascade`);
  await tables.close();
  await readModel.close();
};

const FIRST: ReviewPageRequest = {
  courseId: COURSE,
  halfStars: null,
  q: null,
  sort: 'newest',
  after: null,
  limit: LIMIT,
};

/** As cursors carry it. */
const throughJson = (key: PageKey | undefined): PageKey | null =>
  key === undefined ? null : (JSON.parse(JSON.stringify(key)) as PageKey);

/** All pages, one after the other; between two of them the world may change. */
const walk = async (
  request: ReviewPageRequest,
  betweenPages: (page: number) => Promise<void> = () => Promise.resolve(),
): Promise<readonly string[]> => {
  const seen: string[] = [];
  let after: PageKey | null = null;
  for (let page = 0; ; page++) {
    const rows = await readModel.reviews.page({ ...request, after });
    seen.push(...rows.map(({ item }) => item.userId));
    if (rows.length < request.limit) return seen;
    after = throughJson(rows.at(-1)?.key);
    await betweenPages(page);
  }
};

const byTime = (a: TestReview, b: TestReview): number =>
  a.createdAtMs - b.createdAtMs || (a.userId < b.userId ? -1 : 1);
const byRating = (a: TestReview, b: TestReview): number => a.halfStars - b.halfStars || byTime(a, b);
const ORDERS: Readonly<Record<ReviewSort, (a: TestReview, b: TestReview) => number>> = {
  newest: (a, b) => byTime(b, a),
  oldest: byTime,
  highest: (a, b) => byRating(b, a),
  lowest: byRating,
};

const user = fc.stringMatching(/^[A-Za-z0-9._~-]{1,3}$/);
const review = fc.record({
  userId: user,
  halfStars: fc.integer({ min: 1, max: 10 }),
  // Few moments, so that many reviews share one.
  createdAtMs: fc.integer({ min: 0, max: 9 }).map((step) => Date.UTC(2026, 0, 1) + step * 7),
  text: fc.constantFrom('clear and short', 'long winded', 'clear'),
});
const reviews = fc.uniqueArray(review, { selector: ({ userId }) => userId, maxLength: 40 });
const ratings = fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { minLength: 1 }), { nil: null });
const sort = fc.constantFrom(...REVIEW_SORTS);
const limit = fc.integer({ min: 1, max: 7 });

describe('pages of reviews', () => {
  beforeEach(openTables);
  afterEach(dropTables);

  const restart = async (rows: readonly TestReview[]): Promise<void> => {
    await tables.sql(`truncate ${tables.schema}.reviews`);
    await tables.put(COURSE, rows);
    await tables.put('another', rows);
  };

  it('are the published reviews of the course with these ratings and words, in the order asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ rows: reviews, ratings, sort, limit, q: fc.constantFrom(null, 'clear', '-clear') }),
        async ({ rows, ratings: wanted, sort: order, limit: pageSize, q }) => {
          await restart(rows);
          const expected = rows
            .filter(({ halfStars }) => wanted === null || wanted.includes(halfStars))
            .filter(({ text }) => q === null || text.includes('clear') === (q === 'clear'))
            .toSorted(ORDERS[order]);
          const halfStars = wanted as readonly HalfStars[] | null;
          const seen = await walk({ ...FIRST, halfStars, q, sort: order, limit: pageSize });
          expect(seen).toEqual(expected.map(({ userId }) => userId));
        },
      ),
      { numRuns: WALKS },
    );
  });

  it('show what nobody touched exactly once, in its order, whatever is written between two of them', async () => {
    const change = fc.record({ review, isWithdrawn: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ rows: reviews, changes: fc.array(change, { maxLength: 30 }), ratings, sort, limit }),
        async ({ rows, changes, ratings: wanted, sort: order, limit: pageSize }) => {
          await restart(rows);
          const touched = new Set<string>();
          const halfStars = wanted as readonly HalfStars[] | null;
          const seen = await walk({ ...FIRST, halfStars, sort: order, limit: pageSize }, async (page) => {
            for (const { review: changed, isWithdrawn } of changes.slice(page * 4, page * 4 + 4)) {
              touched.add(changed.userId);
              if (isWithdrawn) await tables.withdraw(COURSE, changed.userId);
              else await tables.put(COURSE, [changed]);
            }
          });
          const untouched = rows
            .filter(
              ({ userId, halfStars: rating }) => !touched.has(userId) && (wanted?.includes(rating) ?? true),
            )
            .toSorted(ORDERS[order])
            .map(({ userId }) => userId);
          expect(seen.filter((userId) => !touched.has(userId))).toEqual(untouched);
        },
      ),
      { numRuns: WALKS },
    );
  });

  it('tell of a review what was stored, to the millisecond', async () => {
    const createdAtMs = Date.UTC(2026, 1, 28, 12, 0, 0, 7);
    await tables.put(COURSE, [{ userId: 'ada', halfStars: 9, createdAtMs, text: 'Clear' }]);
    expect((await readModel.reviews.page(FIRST)).map(({ item }) => item)).toEqual([
      {
        reviewId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        courseId: COURSE,
        userId: 'ada',
        status: 'published',
        halfStars: 9,
        title: 'Clear',
        content: null,
        createdAtMs,
        modifiedAtMs: createdAtMs,
      },
    ]);
  });
});

describe('a review', () => {
  beforeEach(openTables);
  afterEach(dropTables);

  const ADA = 'ada' as UserId;
  const PARTITION = 3;
  const read = () => readModel.reviews.reviewAndProgress(COURSE, ADA, PARTITION);
  const reached = (topic: string, end: number) =>
    tables.sql(
      `insert into ${tables.schema}.sink_positions values ($1, $2, $3)
       on conflict (topic, partition) do update set next_offset = excluded.next_offset`,
      [topic, PARTITION, end],
    );
  const progress = (recordOffset: number, reviewsEnd: number, validEnd: number, fraudEnd: number) =>
    tables.sql(`insert into ${tables.schema}.fraud_detector_progress values ($1, $2, $3, $4, $5)`, [
      PARTITION,
      recordOffset,
      reviewsEnd,
      validEnd,
      fraudEnd,
    ]);

  it('that was never seen is none', async () => {
    await tables.put('another', [{ userId: ADA, halfStars: 1, createdAtMs: 0, text: '' }]);
    expect(await read()).toEqual({ review: null, progress: null });
    expect(await readModel.reviews.progress(PARTITION)).toBeNull();
  });

  it('that is held has its content and why', async () => {
    await tables.put(COURSE, [{ userId: ADA, halfStars: 9, createdAtMs: 5, text: 'Clear' }]);
    await tables.sql(
      `update ${tables.schema}.reviews set status = 'held', held_score = 90, held_reasons = '{burst,"near,copy"}',
         detector_name = 'rules', detector_version = '2'`,
    );
    expect((await read()).review).toMatchObject({
      status: 'held',
      halfStars: 9,
      title: 'Clear',
      createdAtMs: 5,
      verdict: { score: 90, reasons: ['burst', 'near,copy'], detectorName: 'rules', detectorVersion: '2' },
    });
    expect(await readModel.reviews.page(FIRST)).toEqual([]);
  });

  it('that was withdrawn has nothing but its name', async () => {
    await tables.put(COURSE, [{ userId: ADA, halfStars: 9, createdAtMs: 5, text: 'Clear' }]);
    await tables.sql(`update ${tables.schema}.reviews set status = 'withdrawn'`);
    expect((await read()).review).toEqual({
      reviewId: expect.any(String),
      courseId: COURSE,
      userId: ADA,
      status: 'withdrawn',
    });
  });

  it('comes with how far both topics it comes from are stored, and no farther', async () => {
    const reviewsEnd = async (): Promise<number | undefined> => (await read()).progress?.reviewsEnd;
    await progress(0, 100, 5, 7);
    await progress(1, 200, 6, 9);
    await reached('reviews-valid', 6);
    expect(await reviewsEnd()).toBeUndefined();
    await reached('reviews-fraud', 8);
    expect(await reviewsEnd()).toBe(100);
    await reached('reviews-fraud', 9);
    expect(await reviewsEnd()).toBe(200);
    expect(await readModel.reviews.progress(PARTITION)).toEqual({ reviewsEnd: 200 });
    expect(await readModel.reviews.progress(PARTITION + 1)).toBeNull();
  });
});

describe('pages of courses', () => {
  beforeEach(openTables);
  afterEach(dropTables);

  /** Counts by half stars 1 to 3, all-time and recent; a course nobody's valid review was ever on is not seen. */
  interface TestCourse {
    readonly courseId: string;
    readonly title: string | null;
    readonly allTime: readonly [number, number, number];
    readonly recent: readonly [number, number, number];
    readonly wasReviewed: boolean;
  }
  const counts = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2));
  const course = fc.record({
    courseId: user,
    title: fc.constantFrom(null, 'Éclair', 'eclair', 'Zoo', 'a b'),
    allTime: counts,
    recent: counts,
    wasReviewed: fc.boolean(),
  });
  const courses = fc.uniqueArray(course, { selector: ({ courseId }) => courseId, maxLength: 30 });

  const put = (all: readonly TestCourse[]) =>
    tables.sql(
      `insert into ${tables.schema}.course_statistics (course_id, course_title, all_time_half_stars_1,
         all_time_half_stars_2, all_time_half_stars_3, recent_half_stars_1, recent_half_stars_2, recent_half_stars_3,
         all_time_last_review_at, all_time_version, all_time_updated_at)
       select c ->> 'courseId', c ->> 'title', (c #>> '{allTime,0}')::int, (c #>> '{allTime,1}')::int,
         (c #>> '{allTime,2}')::int, (c #>> '{recent,0}')::int, (c #>> '{recent,1}')::int,
         (c #>> '{recent,2}')::int, case when (c ->> 'wasReviewed')::bool then now() end, 1, now()
       from json_array_elements($1::json) as c`,
      [JSON.stringify(all)],
    );

  const countOf = ([a, b, c]: TestCourse['allTime']): number => a + b + c;
  const averageOf = (histogram: TestCourse['allTime']): number => {
    const [a, b, c] = histogram;
    return countOf(histogram) === 0 ? 0 : (a + 2 * b + 3 * c) / 2 / countOf(histogram);
  };
  const byId = (a: TestCourse, b: TestCourse): number => (a.courseId < b.courseId ? -1 : 1);
  const bytes = (text: string): Buffer => Buffer.from(text.toLowerCase());
  const COURSE_ORDERS: Readonly<Record<CourseSort, (a: TestCourse, b: TestCourse) => number>> = {
    'recent-rating': (a, b) =>
      averageOf(b.recent) - averageOf(a.recent) || countOf(b.recent) - countOf(a.recent) || byId(b, a),
    rating: (a, b) =>
      averageOf(b.allTime) - averageOf(a.allTime) || countOf(b.allTime) - countOf(a.allTime) || byId(b, a),
    reviews: (a, b) => countOf(b.allTime) - countOf(a.allTime) || byId(b, a),
    title: (a, b) => bytes(a.title ?? a.courseId).compare(bytes(b.title ?? b.courseId)) || byId(a, b),
  };

  it('are the courses that were ever reviewed and match, in the order asked for, each exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          all: courses,
          sort: fc.constantFrom(...COURSE_SORTS),
          limit,
          q: fc.constantFrom(null, 'zoo'),
        }),
        async ({ all, sort: order, limit: pageSize, q }) => {
          await tables.sql(`truncate ${tables.schema}.course_statistics`);
          await put(all);
          const expected = all
            .filter(({ wasReviewed, title, courseId }) =>
              q === null
                ? wasReviewed
                : wasReviewed && [title, courseId].some((text) => text?.toLowerCase() === q),
            )
            .toSorted(COURSE_ORDERS[order]);
          const seen: string[] = [];
          for (let after: PageKey | null = null; ;) {
            const page = await readModel.courses.page({ q, sort: order, limit: pageSize, after });
            seen.push(...page.map(({ item }) => item.courseId));
            if (page.length < pageSize) break;
            after = throughJson(page.at(-1)?.key);
          }
          expect(seen).toEqual(expected.map(({ courseId }) => courseId));
        },
      ),
      { numRuns: WALKS },
    );
  });

  it('know the day each partition has reached, as far as its statistics are stored', async () => {
    await tables.sql(`insert into ${tables.schema}.aggregator_progress values
      (0, 1, 0, 0, '2026-01-01', 5, 5), (0, 2, 0, 0, '2026-01-02', 6, 5), (1, 1, 0, 0, '2026-01-03', 0, 0),
      (2, 1, 0, 0, null, 0, 0)`);
    await tables.sql(`insert into ${tables.schema}.sink_positions values
      ('long-term-stats', 0, 5), ('recent-stats', 0, 9), ('long-term-stats', 1, 9)`);
    const days = await readModel.courses.partitionDays();
    expect(new Map([...days].map(([partition, day]) => [partition, toIsoDate(day)]))).toEqual(
      new Map([
        [0, '2026-01-01'],
        [1, '2026-01-03'],
      ]),
    );
  });
});

describe('a page of very many', () => {
  const RARE = [1, 2] as unknown as readonly HalfStars[];

  beforeAll(async () => {
    await openTables();
    // Every 10,000th review gives half a star; a tenth of them are of another course.
    await tables.sql(`
      insert into ${tables.schema}.reviews (course_id, user_id, review_id, partition, status, cause_offset, cause_ordinal,
        half_stars, created_at, modified_at, imported, title, content, text_offset, text_ordinal)
      select case when i % 10 = 0 then 'other' else '${COURSE}' end, 'u' || i, gen_random_uuid(), 0, 'published', i, 0,
        case when i % 10000 = 1 then 1 else 3 + i % 8 end, timestamptz '2026-01-01Z' + i * interval '1 second', now(),
        false, 'Review ' || i % 100, null, i, 0
      from generate_series(1, ${MANY_ROWS}) as i`);
    await tables.sql(`
      insert into ${tables.schema}.course_statistics (course_id, course_title, all_time_half_stars_1,
        all_time_half_stars_10, recent_half_stars_1, recent_half_stars_10, all_time_last_review_at, all_time_version)
      select 'c' || i, 'Course ' || i % 1000, i % 7, i % 1013, i % 5, i % 97, now(), i
      from generate_series(1, ${MANY_ROWS}) as i`);
    await tables.sql(`vacuum analyze ${tables.schema}.reviews, ${tables.schema}.course_statistics`);
  }, START_LIMIT_MS);
  afterAll(dropTables);

  const SORTED_OR_SCANNED = /Sort|Seq Scan|Bitmap|Hash|Materialize/;
  const deepKey = async <Request extends { limit: number }>(
    page: (request: Request) => Promise<readonly { key: PageKey }[]>,
    request: Request,
  ): Promise<PageKey | null> => throughJson((await page({ ...request, limit: DEEP_ROWS })).at(-1)?.key);

  const reviewCases = REVIEW_SORTS.flatMap((order) => [
    { sort: order, halfStars: null, ratings: 1 },
    { sort: order, halfStars: RARE, ratings: 2 },
    { sort: order, halfStars: [5, 6] as unknown as readonly HalfStars[], ratings: 2 },
  ]);

  it.each(reviewCases)(
    'of reviews is read from an index, no matter how deep: $sort, of ratings $halfStars',
    async ({ sort: order, halfStars, ratings: stretches }) => {
      const request = { ...FIRST, sort: order, halfStars };
      const after = await deepKey((asked: ReviewPageRequest) => readModel.reviews.page(asked), request);
      const costs = [];
      for (const place of [null, after]) {
        const statement = reviewPageStatement(tablesOf(topicPrefix), { ...request, after: place });
        if (statement === undefined) continue;
        const cost = await explained(tables, statement);
        // A few stretches of a page each may be merged by sorting them.
        const avoided = cost.nodes.filter((node) => SORTED_OR_SCANNED.test(node) && node !== 'Sort');
        expect(avoided).toEqual([]);
        if (stretches === 1) expect(cost.nodes).not.toContain('Sort');
        expect(cost.rowsRead).toBeLessThanOrEqual(LIMIT * stretches);
        costs.push(cost.buffers);
      }
      const [first = 0, deep = 0] = costs;
      expect(deep).toBeLessThanOrEqual(2 * first + LIMIT);
    },
  );

  it('of reviews that match a word many use is read in their order, as far as it goes', async () => {
    const statement = reviewPageStatement(tablesOf(topicPrefix), { ...FIRST, q: 'review' });
    if (statement === undefined) throw new Error('no statement');
    expect((await explained(tables, statement)).rowsRead).toBeLessThanOrEqual(LIMIT);
  });

  it.each(COURSE_SORTS)('of courses is read from an index, no matter how deep: %s', async (order) => {
    const request: CoursePageRequest = { q: null, sort: order, after: null, limit: LIMIT };
    const after = await deepKey((asked: CoursePageRequest) => readModel.courses.page(asked), request);
    const [first, deep] = await Promise.all(
      [null, after].map((place) =>
        explained(tables, coursePageStatement(tablesOf(topicPrefix), { ...request, after: place })),
      ),
    );
    for (const cost of [first, deep]) {
      expect(cost?.nodes.filter((node) => SORTED_OR_SCANNED.test(node))).toEqual([]);
      expect(cost?.rowsRead).toBe(LIMIT);
    }
    expect(deep?.buffers).toBeLessThanOrEqual(2 * (first?.buffers ?? 0) + LIMIT);
  });
});
