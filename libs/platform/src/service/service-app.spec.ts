import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import prometheus from 'prom-client';
import { serviceConfig } from '../configuration/service-config.js';
import { readiness } from '../health/readiness.js';
import { badRequest, unavailable } from '../problem/problem-error.js';
import { serviceApp } from './service-app.js';
import type { ServiceContext } from './service-context.js';

@Controller('echo')
class EchoController {
  @Post()
  echo(@Body() body: unknown): unknown {
    return body;
  }

  @Post('bad')
  bad(): never {
    throw badRequest([{ field: 'rating', reason: 'rating must be a number' }]);
  }

  @Post('busy')
  busy(): never {
    throw unavailable('Kafka does not answer.', 1);
  }

  @Post('broken')
  broken(): never {
    throw new Error('password=secret');
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const env = { KAFKA_BROKERS: 'localhost:9092', SCHEMA_REGISTRY_URL: 'http://localhost:8081' };

describe('a service over HTTP', () => {
  let app: NestFastifyApplication;
  let context: ServiceContext;
  let log: string[];

  beforeEach(async () => {
    log = [];
    context = {
      service: 'echo',
      config: serviceConfig(env, 0),
      logger: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
      metrics: new prometheus.Registry(),
      readiness: readiness(),
      onFatal: (error) => {
        throw error;
      },
    };
    app = await serviceApp(context, EchoModule);
    await app.init();
  });

  afterEach(async () => {
    await app.close();
  });

  const json = { 'content-type': 'application/json' };

  it.each([
    ['an unknown route', 404, { method: 'GET', url: '/nowhere' }],
    ['a malformed URL', 400, { method: 'GET', url: '/%zz' }],
    ['a body that is not JSON', 400, { method: 'POST', url: '/echo', payload: '{', headers: json }],
    ['an empty JSON body', 400, { method: 'POST', url: '/echo', payload: '', headers: json }],
    [
      'a poisoned prototype',
      400,
      { method: 'POST', url: '/echo', payload: '{"__proto__":{"a":1}}', headers: json },
    ],
    [
      'a form',
      415,
      {
        method: 'POST',
        url: '/echo',
        payload: 'a=1',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ],
    [
      'plain text',
      415,
      { method: 'POST', url: '/echo', payload: 'a', headers: { 'content-type': 'text/plain' } },
    ],
    [
      'a body of 2 MB',
      413,
      { method: 'POST', url: '/echo', payload: JSON.stringify('x'.repeat(2_000_000)), headers: json },
    ],
  ] as const)('answers %s with a problem and logs nothing', async (_what, status, request) => {
    const response = await app.inject(request);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({ type: 'about:blank', status });
    expect(response.statusCode).toBe(status);
    expect(log).toEqual([]);
  });

  it('answers bad fields one entry each', async () => {
    const response = await app.inject({ method: 'POST', url: '/echo/bad' });
    expect(response.json()).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'rating must be a number',
      errors: [{ field: 'rating', reason: 'rating must be a number' }],
      requestId: response.headers['x-request-id'],
    });
  });

  it('says when to come back after a 503', async () => {
    const response = await app.inject({ method: 'POST', url: '/echo/busy' });
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
  });

  it('keeps the reason of a fault of ours out of the answer and in the log', async () => {
    const response = await app.inject({ method: 'POST', url: '/echo/broken' });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret');
    expect(log.join()).toContain('secret');
  });

  it('is alive whatever its checks say', async () => {
    context.readiness.add({ name: 'kafka', check: () => Promise.reject(new Error('no broker answers')) });
    expect((await app.inject({ method: 'GET', url: '/health/live' })).statusCode).toBe(200);
  });

  it('is not ready while a check fails, and names it', async () => {
    context.readiness.add({ name: 'postgresql', check: () => Promise.resolve() });
    context.readiness.add({ name: 'kafka', check: () => Promise.reject(new Error('no broker answers')) });
    const response = await app.inject({ method: 'GET', url: '/health/ready' });
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({
      status: 'not-ready',
      checks: [
        { name: 'postgresql', status: 'ok' },
        { name: 'kafka', status: 'failed', error: 'no broker answers' },
      ],
    });
  });

  it('is ready when every check passes', async () => {
    const response = await app.inject({ method: 'GET', url: '/health/ready' });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'ready', checks: [] });
  });

  it('shows its metrics in the format of Prometheus', async () => {
    new prometheus.Counter({ name: 'echoes_total', help: 'Echoes', registers: [context.metrics] }).inc(3);
    const response = await app.inject({ method: 'GET', url: '/metrics' });
    expect(response.headers['content-type']).toContain('text/plain');
    expect(response.body).toContain('echoes_total 3');
  });
});
