import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiUnderTest, type ApiUnderTest } from '../testing/api-under-test.js';
import type { MediaType, Operation } from './document.js';

/** The part of JSON Schema that says how much is too much. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly maxLength?: number;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const LISTS = ['/v1/courses', '/v1/courses/{courseId}/reviews'];
const SUBMISSION = { userId: 'ada', rating: 4 };

let api: ApiUnderTest;
let document: Document;

beforeAll(async () => {
  api = await apiUnderTest();
  document = (await api.app.inject({ method: 'GET', url: '/openapi.json' })).json<Document>();
});
afterAll(async () => {
  await api.app.close();
});

const operations = (): readonly (readonly [string, Operation])[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );

const statusOf = async (list: string, query: Readonly<Record<string, string>>): Promise<number> => {
  const url = list.replace('{courseId}', 'ts-101');
  return (await api.app.inject({ method: 'GET', url, query: { ...query } })).statusCode;
};
const parameterOf = (list: string, name: string): Schema => {
  const found = document.paths[list]?.['get']?.parameters?.find((parameter) => parameter.name === name);
  if (found?.schema === undefined) throw new Error(`${list} has no ${name}`);
  return found.schema;
};

const submit = async (change: object, headers: Record<string, string> = {}): Promise<number> => {
  const payload = { ...SUBMISSION, ...change };
  const url = '/v1/courses/ts-101/reviews';
  return (await api.app.inject({ method: 'POST', url, payload, headers })).statusCode;
};

describe('a limit in the document is the one that holds', () => {
  it.each(LISTS)('for the number of entries of %s', async (list) => {
    const { minimum = Number.NaN, maximum = Number.NaN } = parameterOf(list, 'limit');
    const limits = [minimum - 1, minimum, maximum, maximum + 1];
    const statuses = await Promise.all(limits.map((limit) => statusOf(list, { limit: String(limit) })));
    expect(statuses).toEqual([400, 200, 200, 400]);
  });

  it.each(LISTS)('for the characters of a search in %s, whatever they take', async (list) => {
    const { maxLength = Number.NaN } = parameterOf(list, 'q');
    for (const character of ['x', 'é', '🎓']) {
      expect(await statusOf(list, { q: character.repeat(maxLength) })).toBe(200);
      expect(await statusOf(list, { q: character.repeat(maxLength + 1) })).toBe(400);
    }
  });

  it.each(LISTS)('for the orders of %s, the first of which needs not be named', async (list) => {
    const sort = parameterOf(list, 'sort');
    for (const order of sort.enum ?? []) expect(await statusOf(list, { sort: order })).toBe(200);
    expect(await statusOf(list, { sort: 'other' })).toBe(400);
    expect(sort.default).toBe(sort.enum?.[0]);
  });

  it('for stars', async () => {
    const [list, stars] = [LISTS[1] ?? '', parameterOf(LISTS[1] ?? '', 'stars')];
    const { minimum = Number.NaN, maximum = Number.NaN } = stars.items ?? {};
    const all = Array.from({ length: stars.maxItems ?? 0 }, (_, index) => minimum + index);
    expect(await statusOf(list, { stars: all.join() })).toBe(200);
    expect(await statusOf(list, { stars: String(maximum) })).toBe(200);
    expect(await statusOf(list, { stars: String(maximum + 1) })).toBe(400);
  });

  it('for texts and ratings of a submission', async () => {
    const { properties = {} } = document.components.schemas['SubmitReview'] ?? {};
    for (const field of ['title', 'content', 'courseTitle']) {
      const { maxLength = Number.NaN } = properties[field] ?? {};
      expect(await submit({ [field]: 'x'.repeat(maxLength) })).toBe(202);
      expect(await submit({ [field]: 'x'.repeat(maxLength + 1) })).toBe(400);
    }
    const {
      minimum = Number.NaN,
      maximum = Number.NaN,
      multipleOf = Number.NaN,
    } = properties['rating'] ?? {};
    const ratings = [minimum - multipleOf, minimum, maximum, maximum + multipleOf, minimum + multipleOf / 2];
    const statuses = await Promise.all(ratings.map((rating) => submit({ rating })));
    expect(statuses).toEqual([400, 202, 202, 400, 400]);
  });

  it('for an Idempotency-Key', async () => {
    const key = document.paths['/v1/courses/{courseId}/reviews']?.['post']?.parameters?.find(
      ({ name }) => name === 'Idempotency-Key',
    );
    const { maxLength = Number.NaN } = (key?.schema ?? {}) as Schema;
    expect(await submit({}, { 'idempotency-key': 'x'.repeat(maxLength) })).toBe(202);
    expect(await submit({}, { 'idempotency-key': 'x'.repeat(maxLength + 1) })).toBe(400);
  });
});

describe('every operation', () => {
  it('has a name of its own and a sentence', () => {
    const names = operations().map(([, { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(operations().filter(([, { summary }]) => summary === undefined)).toEqual([]);
  });

  it('names the request in each answer, and says when to come back where it refuses for now', () => {
    for (const [name, { responses }] of operations())
      for (const [status, { headers }] of Object.entries(responses)) {
        expect([name, status, Object.keys(headers ?? {})]).toEqual([
          name,
          status,
          expect.arrayContaining(['X-Request-Id']),
        ]);
        if (status === '503' && name.includes('/v1/'))
          expect(Object.keys(headers ?? {})).toContain('Retry-After');
      }
  });

  it('refuses with 400 when it is one of the API', () => {
    const without = operations().filter(
      ([name, { responses }]) => name.includes('/v1/') && !('400' in responses),
    );
    expect(without.map(([name]) => name)).toEqual([]);
  });

  it('shows an example of whatever is sent and answered, apart from metrics', () => {
    const media = operations().flatMap(([name, { requestBody, responses }]) =>
      [requestBody, ...Object.values(responses)].flatMap((part) =>
        Object.entries(part?.content ?? {}).map(([type, one]) => [`${name} ${type}`, one] as const),
      ),
    );
    const missing = media.filter(([, { example }]) => example === undefined).map(([name]) => name);
    expect(missing.filter((name) => !name.startsWith('get /metrics'))).toEqual([]);
    for (const [name, { schema, example }] of media as readonly (readonly [string, MediaType])[])
      expect([name, misfits((schema ?? {}) as Schema, example)]).toEqual([name, []]);
  });
});

/** Properties of an example that its schema lacks or misses. */
const misfits = (schema: Schema, example: unknown, at = ''): readonly string[] => {
  const known =
    schema.$ref === undefined ? schema : document.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
  if (known?.oneOf !== undefined) {
    const tries = known.oneOf.map((one) => misfits(one, example, at));
    return tries.find((one) => one.length === 0) ?? tries.flat();
  }
  if (Array.isArray(example)) return example.flatMap((item) => misfits(known?.items ?? {}, item, `${at}[]`));
  if (known?.properties === undefined || typeof example !== 'object' || example === null) return [];
  const { properties, required = [] } = known;
  const given = Object.keys(example);
  return [
    ...required.filter((name) => !given.includes(name)).map((name) => `${at}.${name} is missing`),
    ...given.filter((name) => !(name in properties)).map((name) => `${at}.${name} is unknown`),
    ...given.flatMap((name) =>
      misfits(properties[name] ?? {}, (example as Record<string, unknown>)[name], `${at}.${name}`),
    ),
  ];
};
