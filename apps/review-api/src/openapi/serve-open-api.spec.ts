import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { apiUnderTest, type ApiUnderTest } from '../testing/api-under-test.js';

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, unknown>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

let api: ApiUnderTest;

beforeEach(async () => {
  api = await apiUnderTest();
});

afterEach(async () => {
  await api.app.close();
});

const get = (url: string) => api.app.inject({ method: 'GET', url });

describe('the API document', () => {
  it('is OpenAPI 3.1 and describes every route', async () => {
    const document = (await get('/openapi.json')).json<Document>();
    expect(document.openapi).toBe('3.1.0');
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.sort()).toEqual([
      'DELETE /v1/courses/{courseId}/reviews/{userId}',
      'GET /health/live',
      'GET /health/ready',
      'GET /metrics',
      'GET /v1/courses',
      'GET /v1/courses/{courseId}/reviews',
      'GET /v1/courses/{courseId}/reviews/{userId}',
      'GET /v1/courses/{courseId}/statistics',
      'GET /v1/courses/{courseId}/statistics/events',
      'GET /v1/statistics/events',
      'POST /v1/courses/{courseId}/reviews',
      'POST /v1/imports/reviews',
    ]);
  });

  it('refers to no schema that is not in it', async () => {
    const { body } = await get('/openapi.json');
    const { components } = JSON.parse(body) as Document;
    const used = [...body.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((name) => components.schemas[name ?? ''] === undefined)).toEqual([]);
  });

  it('leads people from the bare address to its page', async () => {
    const response = await get('/');
    expect(response.statusCode).toBe(302);
    expect(response.headers.location).toBe('/docs');
  });

  it('is not sent again to those who have it, nor is what shows it', async () => {
    for (const url of ['/openapi.json', '/docs/swagger-ui.css']) {
      const { statusCode, headers } = await get(url);
      expect(statusCode).toBe(200);
      const etag = String(headers.etag);
      const again = await api.app.inject({ method: 'GET', url, headers: { 'if-none-match': etag } });
      expect([again.statusCode, again.headers.etag]).toEqual([304, etag]);
    }
  });

  it('is shown to people', async () => {
    const response = await get('/docs');
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toContain('text/html');
  });
});
