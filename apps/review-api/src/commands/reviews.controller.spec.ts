import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contentHashOf, submissionIdOf } from '@reviews/contracts';
import { parseRating, partitionOf, type CourseId, type HalfStars } from '@reviews/domain';
import { StreamsError } from '@reviews/streams';
import { apiUnderTest, type ApiUnderTest } from '../testing/api-under-test.js';
import { inMemorySchemaRegistry } from '../testing/in-memory-schema-registry.js';

const REVIEW = { userId: 'ada', rating: 4.5, title: 'Clear', content: 'Ünïcode 🎓' };
const JSON_BODY = { 'content-type': 'application/json' };
const courseUrl = (courseId: string): string => `/v1/courses/${courseId}/reviews`;

let api: ApiUnderTest;

beforeEach(async () => {
  api = await apiUnderTest();
});

afterEach(async () => {
  await api.app.close();
});

const post = (payload: object | string, headers: Record<string, string> = {}, url = courseUrl('ts-101')) =>
  api.app.inject({ method: 'POST', url, payload, headers: { ...JSON_BODY, ...headers } });

describe('a submission', () => {
  it('is in the log when it is answered, with its place and the time of the broker', async () => {
    const response = await post({ ...REVIEW, courseTitle: 'TypeScript' });
    expect(response.statusCode).toBe(202);
    const partition = partitionOf('ts-101' as CourseId, 4);
    expect(response.json()).toEqual({
      reviewId: (await api.commands())[0]?.reviewId,
      courseId: 'ts-101',
      userId: 'ada',
      rating: 4.5,
      submittedAt: '2026-02-28T12:00:00.000Z',
      position: `reviews:${partition}:0`,
    });
    expect(api.log.records).toMatchObject([
      { topic: 'reviews', partition, offset: 0, key: Buffer.from('ts-101') },
    ]);
    expect(await api.commands()).toMatchObject([
      {
        kind: 'submitted',
        imported: false,
        createdAtMs: null,
        halfStars: parseRating(4.5),
        courseTitle: 'TypeScript',
        title: 'Clear',
        content: 'Ünïcode 🎓',
      },
    ]);
  });

  it('is another attempt each time, unless its Idempotency-Key and its content are the same', async () => {
    const key = { 'idempotency-key': 'attempt-1' };
    await post(REVIEW);
    await post(REVIEW);
    await post(REVIEW, key);
    await post(REVIEW, key);
    await post({ ...REVIEW, rating: 5 }, key);
    const ids = (await api.commands()).map((command) => command.submissionId);
    expect(new Set(ids).size).toBe(4);
    expect(ids[2]).toBe(ids[3]);
    const contentHash = contentHashOf({
      halfStars: 9 as HalfStars,
      title: REVIEW.title,
      content: REVIEW.content,
      importedCourseTitle: null,
    });
    expect(ids[2]).toBe(submissionIdOf('attempt-1', contentHash));
  });

  it.each([
    ['rating 0', { rating: 0 }, ['rating']],
    ['rating 5.5', { rating: 5.5 }, ['rating']],
    ['rating 4.3', { rating: 4.3 }, ['rating']],
    ['a rating in quotes', { rating: '5' }, ['rating']],
    ['no rating', { rating: undefined }, ['rating']],
    ['no userId', { userId: undefined }, ['userId']],
    ['a userId that is a number', { userId: 7 }, ['userId']],
    ['a userId of two dots', { userId: '..' }, ['userId']],
    ['a title of 201 characters', { title: 'x'.repeat(201) }, ['title']],
    ['a title that is a list', { title: ['x'] }, ['title']],
    ['content of 32,769 UTF-16 units', { content: `x${'🎓'.repeat(16_384)}` }, ['content']],
    ['a courseTitle of 201 characters', { courseTitle: 'x'.repeat(201) }, ['courseTitle']],
    ['U+0000 in a text', { content: 'a\0b' }, ['content']],
    ['half a surrogate pair in a text', { title: '\ud83c' }, ['title']],
    ['an unknown property', { stars: 5 }, ['stars']],
    ['a property of every object', { toString: 1 }, ['toString']],
    ['several faults at once', { rating: 0, userId: '', stars: 5 }, ['userId', 'rating', 'stars']],
  ])('is refused for %s, each bad field named', async (_what, change, fields) => {
    const response = await post({ ...REVIEW, ...change });
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toContain('application/problem+json');
    const problem = response.json<{ errors: { field: string; reason: string }[] }>();
    expect(problem).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
    expect(problem.errors.map(({ field }) => field)).toEqual(fields);
    expect(problem.errors.every(({ field, reason }) => reason.startsWith(`${field} `))).toBe(true);
    expect(api.log.records).toEqual([]);
    expect(api.logLines).toEqual([]);
  });

  it.each([
    ['with a slash', 'a%2Fb'],
    ['with a space', 'a%20b'],
    ['of 65 characters', 'x'.repeat(65)],
    ['of 500 characters', 'x'.repeat(500)],
    ['with a percent sign that escapes nothing valid', 'a%25b'],
  ])('is refused for a courseId %s', async (_what, courseId) => {
    const response = await post(REVIEW, {}, courseUrl(courseId));
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ field: 'courseId' }] });
    expect(api.log.records).toEqual([]);
  });

  it.each([
    ['a space', 'two words'],
    ['256 characters', 'x'.repeat(256)],
    ['a character beyond ASCII', 'clé'],
  ])('is refused for an Idempotency-Key with %s', async (_what, key) => {
    const response = await post(REVIEW, { 'idempotency-key': key });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ field: 'Idempotency-Key' }] });
  });

  it('to an address without a course is 404, as everywhere', async () => {
    expect((await post({ userId: 'ada', rating: 4 }, {}, courseUrl(''))).statusCode).toBe(404);
    expect(api.log.records).toEqual([]);
  });

  it('is refused for a parameter that nobody knows, before its body is looked at', async () => {
    const response = await post({ rating: 7 }, {}, `${courseUrl('ts-101')}?dryRun=true`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ field: 'dryRun' }] });
    expect(api.log.records).toEqual([]);
  });

  it.each([
    ['a body that is a list', 400, '[]'],
    ['a body that is null', 400, 'null'],
    ['NaN', 400, '{"userId":"ada","rating":NaN}'],
    ['a body of 2 MB', 413, JSON.stringify({ ...REVIEW, content: 'x'.repeat(2_000_000) })],
  ])('is refused for %s with %i', async (_what, status, payload) => {
    const response = await post(payload);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ status });
    expect(api.logLines).toEqual([]);
  });

  it('is refused when it is not UTF-8, which would be written as something else', async () => {
    const payload = Buffer.from('{"userId":"ada","rating":4,"content":"\xff"}', 'latin1');
    const response = await api.app.inject({
      method: 'POST',
      url: courseUrl('ts-101'),
      payload,
      headers: JSON_BODY,
    });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ field: 'body', reason: 'body is not UTF-8' }] });
    expect(api.log.records).toEqual([]);
  });

  it('with very many bad fields, or very long names, is told of a few, so that no answer is longer than its request', async () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [index, 0]));
    const response = await post({ ...REVIEW, ...many, ['x'.repeat(100_000)]: 0 });
    expect(response.statusCode).toBe(400);
    expect(response.json<{ errors: unknown[] }>().errors).toHaveLength(32);
    const long = await post({ ...REVIEW, ['x'.repeat(100_000)]: 0 });
    expect(long.json()).toMatchObject({ errors: [{ field: `${'x'.repeat(64)}…` }] });
    expect(response.body.length + long.body.length).toBeLessThan(10_000);
  });

  it('is refused without a body', async () => {
    const response = await api.app.inject({ method: 'POST', url: courseUrl('ts-101') });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ field: 'body' }] });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/x-ndjson'])(
    'is refused as %s',
    async (contentType) => {
      const response = await post(JSON.stringify(REVIEW), { 'content-type': contentType });
      expect(response.statusCode).toBe(415);
      expect(response.headers['content-type']).toContain('application/problem+json');
    },
  );

  it('may be as long as the rules say, to the character', async () => {
    const response = await post({
      ...REVIEW,
      title: 'x'.repeat(200),
      content: '🎓'.repeat(16_384),
      courseTitle: null,
    });
    expect(response.statusCode).toBe(202);
  });

  it.each(['TRANSIENT', 'OVERLOADED'] as const)(
    'that the log does not confirm (%s) is answered with 503 and when to come back',
    async (code) => {
      api.log.failAfter(0, new StreamsError(code, 'no'));
      const response = await post(REVIEW);
      expect(response.statusCode).toBe(503);
      expect(response.headers['retry-after']).toBe('1');
      expect(response.headers['content-type']).toContain('application/problem+json');
    },
  );

  it('is answered with 503 until topics and schema are known', async () => {
    const registry = inMemorySchemaRegistry();
    let arrive: (id: number) => void = () => undefined;
    const registration = new Promise<number>((resolve) => {
      arrive = resolve;
    });
    const early = await apiUnderTest({ ...registry, register: () => registration });
    const submit = () => early.app.inject({ method: 'POST', url: courseUrl('ts-101'), payload: REVIEW });
    expect((await submit()).statusCode).toBe(503);
    expect((await early.app.inject({ method: 'GET', url: '/health/ready' })).statusCode).toBe(503);
    arrive(1);
    await new Promise(setImmediate);
    expect((await submit()).statusCode).toBe(202);
    await early.app.close();
  });
});

describe('a withdrawal', () => {
  const withdraw = (headers: Record<string, string> = {}, url = `${courseUrl('ts-101')}/ada`) =>
    api.app.inject({ method: 'DELETE', url, headers });

  it('is in the log when it is answered, whether or not there is a review', async () => {
    const response = await withdraw();
    expect(response.statusCode).toBe(202);
    const [command] = await api.commands();
    expect(command).toMatchObject({ kind: 'withdrawn', courseId: 'ts-101', userId: 'ada' });
    expect(response.json()).toEqual({
      reviewId: command?.reviewId,
      position: `reviews:${partitionOf('ts-101' as CourseId, 4)}:0`,
    });
  });

  it('with the same Idempotency-Key is the same attempt', async () => {
    await withdraw({ 'idempotency-key': 'w' });
    await withdraw({ 'idempotency-key': 'w' });
    const ids = (await api.commands()).map((command) => command.submissionId);
    expect(ids).toEqual([submissionIdOf('w', null), submissionIdOf('w', null)]);
  });

  it('is refused for bad ids, each named', async () => {
    const response = await withdraw({}, '/v1/courses/a%20b/reviews/c%2Fd');
    expect(response.json()).toMatchObject({
      status: 400,
      errors: [{ field: 'courseId' }, { field: 'userId' }],
    });
  });
});
