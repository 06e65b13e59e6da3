import 'reflect-metadata';
import { once } from 'node:events';
import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, StreamableFile, type OnModuleDestroy } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import prometheus from 'prom-client';
import { serviceConfig } from '../configuration/service-config.js';
import { readiness } from '../health/readiness.js';
import { leaveInPeace } from './leave-in-peace.js';
import { serviceApp } from './service-app.js';

/** Requests to `/slow` are answered when the test says so. */
let answerSlow: () => void;
let slowAnswer: Promise<void>;
/** Resolves when providers hear that the service stops. */
let stopping: Promise<void>;
let stop: () => void;

@Controller()
class SlowController implements OnModuleDestroy {
  @Get('slow')
  async slow(): Promise<string> {
    await slowAnswer;
    return 'done';
  }
  @Get('stream')
  stream(): StreamableFile {
    return new StreamableFile(
      Readable.from(
        (async function* () {
          yield Buffer.from('begun');
          await slowAnswer;
          yield Buffer.from('ended');
        })(),
      ),
    );
  }
  @Get('quick')
  quick(): string {
    return 'done';
  }
  onModuleDestroy(): void {
    stop();
  }
}
@Module({ controllers: [SlowController] })
class SlowModule {}

let app: NestFastifyApplication;
let close: () => Promise<void>;
let agent: Agent;

beforeEach(async () => {
  slowAnswer = new Promise((resolve) => (answerSlow = resolve));
  stopping = new Promise((resolve) => (stop = resolve));
  const context = {
    service: 'slow',
    config: serviceConfig({ KAFKA_BROKERS: 'kafka:9092', SCHEMA_REGISTRY_URL: 'http://registry' }, 3000),
    logger: pino({ level: 'silent' }),
    metrics: new prometheus.Registry(),
    readiness: readiness(),
    onFatal: () => undefined,
  };
  app = await serviceApp(context, SlowModule);
  close = leaveInPeace(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
});

afterEach(async () => {
  agent.destroy();
  answerSlow();
  await close();
});

const start = (path: string): ClientRequest => {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return request({ host: '127.0.0.1', port, path, agent }).end();
};
const answerTo = async (sent: ClientRequest): Promise<IncomingMessage> => {
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer;
};

describe('a service that leaves', () => {
  it('asks clients on kept connections to leave before it turns anybody away', async () => {
    await answerTo(start('/quick'));
    const closing = close();
    const { statusCode, headers } = await answerTo(start('/quick'));
    expect({ statusCode, connection: headers.connection }).toEqual({ statusCode: 200, connection: 'close' });
    await closing;
  });

  it('answers the first request on a connection that came just before nobody listened any more', async () => {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    await once(app.getHttpServer(), 'connection');
    const closing = close();
    while (app.getHttpServer().listening) await new Promise((later) => setTimeout(later, 5));
    socket.write('GET /quick HTTP/1.1\r\nHost: a\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 OK[^]*connection: close/i);
    await closing;
  });

  it('finishes what it was asked for, and tells providers before', async () => {
    const slow = start('/slow');
    await once(app.getHttpServer(), 'request');
    const closing = close();
    await stopping;
    answerSlow();
    const { statusCode, headers } = await answerTo(slow);
    expect({ statusCode, connection: headers.connection }).toEqual({ statusCode: 200, connection: 'close' });
    await closing;
  });

  it('answers 503, as a problem, to who comes behind an answer that had begun before', async () => {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    let answers = '';
    socket.on('data', (data) => (answers += String(data)));
    socket.write('GET /stream HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    const closing = close();
    await stopping;
    socket.write('GET /quick HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(app.getHttpServer(), 'request');
    answerSlow();
    await once(socket, 'close');
    const [first, second] = answers.split(/(?=HTTP\/1.1 503)/);
    expect(first).toMatch(/^HTTP\/1.1 200 OK[^]*begun[^]*ended/);
    expect(second).toMatch(/connection: close/i);
    expect(second).toMatch(/retry-after: 1/i);
    expect(second).toMatch(/application\/problem\+json/);
    await closing;
  });
});
