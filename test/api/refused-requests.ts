import type { RepeatableRequest } from './one-connection.js';

/** Stands in every refused request, so that a trace of one is found wherever it is. */
export const REFUSED_MARK = 'refused-mark';

/** A request the API must not take, and how it must answer it. */
export interface RefusedRequest extends RepeatableRequest {
  readonly status: number;
}

const JSON_BODY = { 'content-type': 'application/json' };
const GOOD = { userId: REFUSED_MARK, rating: 4, content: REFUSED_MARK };

const post = (body: string, change: Partial<RefusedRequest> = {}): RefusedRequest => ({
  method: 'POST',
  path: `/v1/courses/${REFUSED_MARK}/reviews`,
  headers: JSON_BODY,
  body,
  status: 400,
  ...change,
});
const bad = (change: object): RefusedRequest => post(JSON.stringify({ ...GOOD, ...change }));
const good = (change: Partial<RefusedRequest>): RefusedRequest => post(JSON.stringify(GOOD), change);

/** One of every kind. */
export const REFUSED_REQUESTS: readonly RefusedRequest[] = [
  bad({ rating: 4.3 }),
  bad({ rating: '4' }),
  bad({ rating: 0 }),
  bad({ userId: `${REFUSED_MARK} ` }),
  bad({ userId: undefined }),
  bad({ stars: 5 }),
  bad({ title: 'x'.repeat(201) }),
  bad({ content: `${REFUSED_MARK}\0` }),
  bad({ content: REFUSED_MARK.repeat(3_000) }),
  post(`{"userId":"${REFUSED_MARK}","rating":4`),
  post(`[${JSON.stringify(GOOD)}]`),
  good({ path: `/v1/courses/${REFUSED_MARK}%20/reviews` }),
  good({ headers: { ...JSON_BODY, 'idempotency-key': 'two words' } }),
  good({ headers: { 'content-type': 'text/plain' }, status: 415 }),
  good({ path: `/v1/courses/${REFUSED_MARK}/opinions`, status: 404 }),
  post(JSON.stringify({ ...GOOD, content: REFUSED_MARK.repeat(90_000) }), { status: 413 }),
  {
    method: 'DELETE',
    path: `/v1/courses/${REFUSED_MARK}/reviews/..%2F`,
    headers: {},
    body: '',
    status: 400,
  },
];

/** A row that an import must report, with its mark. */
export const REFUSED_ROW = JSON.stringify({ ...GOOD, courseId: REFUSED_MARK, rating: 7 });
