import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  partitionOf,
  type CourseId,
  type EventTimeMs,
  type HalfStars,
  type ReviewId,
  type UserId,
} from '@reviews/domain';
import { ReadModelError, type PublishedReview } from '@reviews/read-model';
import { APPEND_TIME_MS, apiUnderTest, type ApiUnderTest } from '../testing/api-under-test.js';

const COURSE = 'ts-101' as CourseId;
const PARTITION = partitionOf(COURSE, 4);
const REVIEW_ID = '6a9c0f0e-54c1-5f0b-9c3e-2f6a1f0f7d11' as ReviewId;

const identityOf = (userId: string) => ({ reviewId: REVIEW_ID, courseId: COURSE, userId: userId as UserId });
const content = {
  halfStars: 9 as HalfStars,
  title: 'Clear',
  content: null,
  createdAtMs: APPEND_TIME_MS as EventTimeMs,
  modifiedAtMs: (APPEND_TIME_MS + 1) as EventTimeMs,
};
const published = (userId: string): PublishedReview => ({
  ...identityOf(userId),
  status: 'published',
  ...content,
});
const shown = {
  rating: 4.5,
  title: 'Clear',
  content: null,
  createdAt: '2026-02-28T12:00:00.000Z',
  modifiedAt: '2026-02-28T12:00:00.001Z',
};

let api: ApiUnderTest;

beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(async () => {
  await api.app.close();
});

const get = (url: string, headers = {}) => api.app.inject({ method: 'GET', url, headers });
const getReview = (query = '', userId = 'ada') => get(`/v1/courses/${COURSE}/reviews/${userId}${query}`);
const getList = (query = '', courseId: string = COURSE) => get(`/v1/courses/${courseId}/reviews${query}`);
const fieldsOf = ({ body }: { readonly body: string }): readonly string[] =>
  (JSON.parse(body) as { errors: { field: string }[] }).errors.map(({ field }) => field);

describe('a review over HTTP', () => {
  it('that counts is answered with its content', async () => {
    api.reviews.stored.push(published('ada'));
    const response = await getReview();
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ ...identityOf('ada'), status: 'published', ...shown });
  });

  it('that is held is answered with who held it, and why', async () => {
    const verdict = { score: 93, reasons: ['burst'], detectorName: 'rules', detectorVersion: '2' };
    api.reviews.stored.push({ ...published('ada'), status: 'held', verdict });
    expect((await getReview()).json()).toEqual({
      ...identityOf('ada'),
      status: 'held',
      ...shown,
      verdict: { score: 93, reasons: ['burst'], detector: 'rules', detectorVersion: '2' },
    });
  });

  it('that was withdrawn is answered without its content', async () => {
    api.reviews.stored.push({ ...identityOf('ada'), status: 'withdrawn' });
    expect((await getReview()).json()).toEqual({ ...identityOf('ada'), status: 'withdrawn' });
  });

  it('that was never seen is 404', async () => {
    const response = await getReview();
    expect(response.statusCode).toBe(404);
    expect(response.json()).not.toHaveProperty('stale');
  });

  it('waits for the command a client names', async () => {
    api.reviews.stored.push(published('ada'));
    api.reviews.partitions.set(PARTITION, { reviewsEnd: 7 });
    setTimeout(() => api.reviews.partitions.set(PARTITION, { reviewsEnd: 8 }), 50);
    const response = await getReview(`?after=reviews:${PARTITION}:7`);
    expect(response.statusCode).toBe(200);
    expect(response.json()).not.toHaveProperty('stale');
  });

  it('says so when that command is not included after two seconds, also when there is nothing', async () => {
    api.reviews.stored.push(published('ada'));
    api.reviews.partitions.set(PARTITION, { reviewsEnd: 7 });
    const after = `?after=reviews:${PARTITION}:7`;
    const [known, unknown] = await Promise.all([getReview(after), getReview(after, 'grace')]);
    expect(known.json()).toMatchObject({ userId: 'ada', stale: true });
    expect([unknown.statusCode, unknown.json()]).toMatchObject([404, { stale: true }]);
  });

  it.each([
    ['bad ids', '/v1/courses/a%20b/reviews/c%2Fd', ['courseId', 'userId']],
    ['a bad id and a bad parameter', '/v1/courses/a%20b/reviews/ada?after=7&x=1', ['courseId', 'after', 'x']],
    ['a parameter given twice', '/v1/courses/c/reviews/ada?after=1&after=2', ['after']],
    ['a position of another partition', `/v1/courses/${COURSE}/reviews/ada?after=reviews:9:1`, ['after']],
  ])('is refused for %s, each named', async (_what, url, fields) => {
    const response = await get(url);
    expect(response.statusCode).toBe(400);
    expect(fieldsOf(response)).toEqual(fields);
  });

  it('is answered with 503 while the database cannot tell', async () => {
    api.reviews.failure = new ReadModelError('DATABASE_UNAVAILABLE', 'no');
    for (const response of [await getReview(), await getList()]) {
      expect(response.statusCode).toBe(503);
      expect(response.headers['retry-after']).toBe('1');
    }
  });
});

describe('a list of reviews over HTTP', () => {
  it('is a page of those that count, and the way to the next', async () => {
    api.reviews.stored.push(...['a', 'b', 'c'].map(published));
    const first = (await getList('?limit=2')).json<{ reviews: unknown[]; nextCursor: string }>();
    expect(first.reviews).toEqual(
      ['a', 'b'].map((userId) => ({ ...identityOf(userId), status: 'published', ...shown })),
    );
    const second = await getList(`?limit=1&cursor=${first.nextCursor}`);
    expect(second.json()).toMatchObject({ reviews: [{ userId: 'c' }], nextCursor: null });
  });

  it('of a course nobody has reviewed is empty', async () => {
    expect((await getList('', 'unknown')).json()).toEqual({ reviews: [], nextCursor: null });
  });

  it('is of 20, the newest first, unless the client says otherwise', async () => {
    await getList();
    expect(api.reviews.request).toEqual({
      ...{ courseId: COURSE, q: null, halfStars: null, sort: 'newest', after: null, limit: 21 },
    });
    await getList('?q=clear%20%22words%22&stars=4,0&sort=lowest&limit=100');
    expect(api.reviews.request).toEqual({
      ...{ courseId: COURSE, q: 'clear "words"', halfStars: [1, 8, 9], sort: 'lowest', after: null },
      limit: 101,
    });
  });

  it.each([
    ['stars=6', 'stars'],
    ['stars=', 'stars'],
    ['stars=4,4', 'stars'],
    ['stars=4.5', 'stars'],
    ['stars=4&stars=5', 'stars'],
    ['q=', 'q'],
    ['q=a%00b', 'q'],
    [`q=${'x'.repeat(201)}`, 'q'],
    ['sort=best', 'sort'],
    ['sort=', 'sort'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=1e1', 'limit'],
    ['limit=', 'limit'],
    ['cursor=', 'cursor'],
    ['cursor=%2B%2B', 'cursor'],
    [`cursor=${'A'.repeat(2_049)}`, 'cursor'],
    ['cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'cursor'],
    ['page=2', 'page'],
    ['__proto__=1', '__proto__'],
    ['toString=1', 'toString'],
  ])('is refused for %s', async (query, field) => {
    const response = await getList(`?${query}`);
    expect(response.statusCode).toBe(400);
    expect(fieldsOf(response)).toEqual([field]);
  });

  it('is refused with one entry for each bad parameter', async () => {
    const response = await getList('?limit=0&stars=9&sort=best&page=2&q=', 'a%20b');
    expect(fieldsOf(response)).toEqual(['courseId', 'q', 'limit', 'stars', 'sort', 'page']);
  });

  it.each([
    ['another course', `/v1/courses/ts-102/reviews?`],
    ['other stars', `/v1/courses/${COURSE}/reviews?stars=4&`],
    ['another search', `/v1/courses/${COURSE}/reviews?q=a&`],
    ['another order', `/v1/courses/${COURSE}/reviews?sort=oldest&`],
    ['another list', '/v1/courses?'],
  ])('has a cursor that is refused for %s', async (_what, url) => {
    api.reviews.stored.push(...['a', 'b'].map(published));
    const { nextCursor } = (await getList('?limit=1')).json<{ nextCursor: string }>();
    const response = await get(`${url}cursor=${nextCursor}`);
    expect(response.statusCode).toBe(400);
    expect(fieldsOf(response)).toEqual(['cursor']);
  });

  it('keeps its tag while it stays the same', async () => {
    api.reviews.stored.push(published('a'));
    const { etag } = (await getList()).headers;
    expect((await get(`/v1/courses/${COURSE}/reviews`, { 'if-none-match': etag })).statusCode).toBe(304);
    api.reviews.stored.push(published('b'));
    expect((await get(`/v1/courses/${COURSE}/reviews`, { 'if-none-match': etag })).statusCode).toBe(200);
  });
});

describe('a route without parameters', () => {
  it.each([
    ['POST', `/v1/courses/${COURSE}/reviews`],
    ['DELETE', `/v1/courses/${COURSE}/reviews/ada`],
    ['POST', '/v1/imports/reviews'],
  ] as const)('refuses each that is given: %s %s', async (method, url) => {
    const response = await api.app.inject({ method, url: `${url}?dryRun=true&x` });
    expect(response.statusCode).toBe(400);
    expect(fieldsOf(response)).toEqual(['dryRun', 'x']);
    expect(api.log.records).toEqual([]);
  });
});
