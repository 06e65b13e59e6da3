import 'reflect-metadata';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, Module, Param, Post, Query, StreamableFile } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import prometheus from 'prom-client';
import { serviceConfig } from '../configuration/service-config.js';
import { readiness } from '../health/readiness.js';
import { badRequest, notFound } from '../problem/problem-error.js';
import { serviceApp } from '../service/service-app.js';

const LONG = 'a'.repeat(5_000);

@Controller('things')
class ThingsController {
  @Get(':id')
  thing(@Param('id') id: string, @Query() query: object): object {
    if (id === 'none') throw notFound('There is no such thing.');
    if (id === 'broken') throw new Error('secret');
    if (id === 'bad') throw badRequest([{ field: 'id', reason: `id must not be ${LONG}` }]);
    return { id, query, ...(id === 'long' && { text: LONG }) };
  }

  @Post()
  @HttpCode(202)
  add(): object {
    return { text: LONG };
  }

  @Post('lines')
  @HttpCode(200)
  lines(): StreamableFile {
    return new StreamableFile(Buffer.from(LONG), { type: 'application/json' });
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let app: NestFastifyApplication;
let log: string[];

beforeEach(async () => {
  log = [];
  app = await serviceApp(
    {
      service: 'things',
      config: serviceConfig({ KAFKA_BROKERS: 'kafka:9092', SCHEMA_REGISTRY_URL: 'http://registry' }, 0),
      logger: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
      metrics: new prometheus.Registry(),
      readiness: readiness(),
      onFatal: (error) => {
        throw error;
      },
    },
    ThingsModule,
  );
  await app.init();
});

afterEach(async () => {
  await app.close();
});

type Headers = Record<string, string>;
const get = (url: string, headers: Headers = {}) => app.inject({ method: 'GET', url, headers });
const head = (url: string, headers: Headers = {}) => app.inject({ method: 'HEAD', url, headers });

describe('the id of a request', () => {
  it.each(['A-1', 'req_7.2~x', 'Root=1-67891233-abcdef', 'x'.repeat(128)])(
    'is what the client calls it: %s',
    async (id) => {
      expect((await get('/things/1', { 'x-request-id': id })).headers['x-request-id']).toBe(id);
    },
  );

  it.each(['', 'two words', 'x'.repeat(129), 'clé', '"quoted"', 'a,b'])(
    'is a new one when the client gives one that is not well-formed: %j',
    async (id) => {
      const response = await get('/things/1', { 'x-request-id': id });
      expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it.each(['/things/none', '/things/broken', '/things/bad', '/nowhere', '/%zz', '/health/ready', '/metrics'])(
    'is on every answer, and in each problem: %s',
    async (url) => {
      const response = await get(url, { 'x-request-id': 'mine' });
      expect(response.headers['x-request-id']).toBe('mine');
      expect(response.headers['x-content-type-options']).toBe('nosniff');
      if (response.statusCode >= 400) expect(response.json()).toMatchObject({ requestId: 'mine' });
    },
  );

  it('is in the line that is logged of a fault of ours', async () => {
    await get('/things/broken', { 'x-request-id': 'mine' });
    expect(JSON.parse(log.join())).toMatchObject({ level: 50, requestId: 'mine' });
  });
});

describe('a read', () => {
  it('has a weak tag, is asked about each time, and is not sent again to those who have it', async () => {
    const first = await get('/things/1');
    const tag = String(first.headers.etag);
    expect(tag).toMatch(/^W\/"/);
    expect(first.headers).toMatchObject({ 'cache-control': 'no-cache', vary: 'accept-encoding' });
    for (const known of [tag, tag.slice(2), `"other", ${tag}`, '*']) {
      const again = await get('/things/1', { 'if-none-match': known });
      expect([again.statusCode, again.body]).toEqual([304, '']);
      expect(again.headers).toMatchObject({
        etag: tag,
        vary: 'accept-encoding',
        'cache-control': 'no-cache',
      });
      expect(again.headers['content-type']).toBeUndefined();
    }
    expect((await get('/things/1', { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });

  it('has another tag when it says something else, and the same however it is packed', async () => {
    const plain = await get('/things/long');
    const packed = await get('/things/long', { 'accept-encoding': 'br' });
    expect(packed.headers.etag).toBe(plain.headers.etag);
    expect((await get('/things/2')).headers.etag).not.toBe(plain.headers.etag);
  });

  it('is packed as the client likes it, when that is worth it', async () => {
    const brotli = await get('/things/long', { 'accept-encoding': 'gzip, br' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toContain(LONG);
    const gzip = await get('/things/long', { 'accept-encoding': 'gzip' });
    expect(gunzipSync(gzip.rawPayload).toString()).toContain(LONG);
    expect((await get('/things/long')).headers['content-encoding']).toBeUndefined();
    expect((await get('/things/1', { 'accept-encoding': 'br' })).headers['content-encoding']).toBeUndefined();
  });

  it('is answered to HEAD as to GET, without its body and with no length that would be another', async () => {
    for (const headers of [{}, { 'accept-encoding': 'br' }] as Headers[]) {
      const [whole, none] = [await get('/things/long', headers), await head('/things/long', headers)];
      expect([none.statusCode, none.body]).toEqual([200, '']);
      for (const name of ['etag', 'vary', 'cache-control', 'content-type'])
        expect(none.headers[name]).toBe(whole.headers[name]);
      expect([undefined, whole.headers['content-length']]).toContain(none.headers['content-length']);
    }
    const tag = String((await get('/things/long')).headers.etag);
    expect((await head('/things/long', { 'if-none-match': tag })).statusCode).toBe(304);
    expect((await head('/things/none')).statusCode).toBe(404);
  });
});

describe('what is not a read', () => {
  it.each(['/things/none', '/things/bad', '/nowhere', '/things/broken'])(
    'keeps no tag and is kept by nobody: %s',
    async (url) => {
      const response = await get(url, { 'if-none-match': '*' });
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
      expect(response.headers.etag).toBeUndefined();
      expect(response.headers['cache-control']).toBe('no-store');
    },
  );

  it('is neither tagged nor packed when it is a command', async () => {
    for (const url of ['/things', '/things/lines']) {
      const headers = { 'accept-encoding': 'br', 'if-none-match': '*' };
      const response = await app.inject({ method: 'POST', url, headers });
      expect(response.statusCode).toBeLessThan(300);
      expect(response.headers.etag).toBeUndefined();
      expect(response.headers['content-encoding']).toBeUndefined();
      expect(response.body).toContain(LONG);
    }
  });

  it('is packed when it is a long problem', async () => {
    const response = await get('/things/bad', { 'accept-encoding': 'gzip' });
    expect(gunzipSync(response.rawPayload).toString()).toContain('id must not be');
  });
});

describe('a request for what is not there', () => {
  it.each([
    ['DELETE', '/things/1'],
    ['POST', '/things/1'],
    ['OPTIONS', '/things/1'],
    ['TRACE', '/things/1'],
    ['PROPFIND', '/things/1'],
  ] as const)('is refused with the methods there are: %s %s', async (method, url) => {
    const response = await app.inject({ method: method as 'GET', url });
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe('GET, HEAD');
    expect(response.headers['content-type']).toContain('application/problem+json');
  });

  it('is 404 where no method leads anywhere', async () => {
    for (const url of ['/', '/things/', '/things/1/2', '/Things/1'])
      expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(404);
  });
});

describe('a request that is not well-formed', () => {
  it.each([
    ['a percent sign that escapes nothing', '/things/1?a=1&b=%zz', ['b']],
    ['bytes that are not UTF-8', '/things/1?a=%ff&b=%c3%a9', ['a']],
    ['a surrogate', '/things/1?a=%ed%a0%80', ['a']],
    ['a name that is not UTF-8', '/things/1?%ff=1', ['query']],
  ])('is refused, each bad parameter named: %s', async (_what, url, fields) => {
    const response = await get(url);
    expect(response.statusCode).toBe(400);
    const { errors } = response.json<{ errors: { field: string }[] }>();
    expect(errors.map(({ field }) => field)).toEqual(fields);
  });

  it('is refused when its body is compressed: nobody unpacks it', async () => {
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    const response = await app.inject({ method: 'POST', url: '/things', headers, payload: '{}' });
    expect(response.statusCode).toBe(415);
    expect(response.headers['accept-encoding']).toBe('identity');
  });

  it.each([
    ['no HTTP at all', 'HELLO\r\n\r\n', 400],
    ['an address longer than 16 KB', `GET /things/${'x'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, 431],
    ['bytes beyond ASCII in the query', 'GET /things/1?a=\xe9 HTTP/1.1\r\nhost: a\r\n\r\n', 400],
  ])('is answered with a problem even when it is %s', async (_what, bytes, status) => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.end(Buffer.from(bytes, 'latin1'));
    const answer = await text(socket);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain('x-request-id: ');
    expect(answer).toContain('application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status });
  });
});
