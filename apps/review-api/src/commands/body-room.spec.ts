import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { apiUnderTest, type ApiUnderTest } from '../testing/api-under-test.js';
import type { BodyLimits } from './body-room.js';

const LONGEST = 1_048_576;
const REVIEW = JSON.stringify({ userId: 'ada', rating: 4 });

let api: ApiUnderTest;

const listenWith = async (bodyLimits: BodyLimits): Promise<void> => {
  api = await apiUnderTest(undefined, undefined, bodyLimits);
  await api.app.listen({ host: '127.0.0.1', port: 0 });
};

afterEach(async () => {
  api.app.getHttpServer().closeAllConnections();
  await api.app.close();
});

const post = (headers: Record<string, string | number>): ClientRequest =>
  requestOf('POST', '/v1/courses/ts-101/reviews', headers);
const get = (path: string, headers: Record<string, string | number>): ClientRequest =>
  requestOf('GET', path, headers);
const requestOf = (method: string, path: string, headers: Record<string, string | number>): ClientRequest => {
  const { port } = api.app.getHttpServer().address() as AddressInfo;
  const sent = request({
    host: '127.0.0.1',
    port,
    path,
    method,
    headers: { 'content-type': 'application/json', ...headers },
    agent: false,
  });
  sent.on('error', () => undefined);
  sent.flushHeaders();
  return sent;
};
const answerOf = async (sent: ClientRequest): Promise<IncomingMessage> => {
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
};
const received = (): Promise<unknown> => once(api.app.getHttpServer(), 'request');

describe('bodies that are held in memory', () => {
  it('are refused with 503 when all of them together would be too large, and taken again afterwards', async () => {
    await listenWith({ maxHeldBytes: 2 * LONGEST, timeoutMs: 60_000 });
    const slow: ClientRequest[] = [];
    for (const headers of [{ 'content-length': LONGEST }, { 'transfer-encoding': 'chunked' }]) {
      slow.push(post(headers));
      await received();
    }
    const refused = await answerOf(post({ 'content-length': REVIEW.length }).end(REVIEW));
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.headers['content-type']).toContain('application/problem+json');
    for (const one of slow) one.destroy();
    await untilTaken();
    expect(api.log.records).toHaveLength(1);
  });

  const untilTaken = async (): Promise<void> => {
    for (;;) {
      const answer = await answerOf(post({ 'content-length': REVIEW.length }).end(REVIEW));
      answer.resume();
      if (answer.statusCode === 202) return;
    }
  };

  it('have a time to come in, after which they are answered 408', async () => {
    await listenWith({ maxHeldBytes: LONGEST, timeoutMs: 50 });
    const answer = await answerOf(post({ 'content-length': 1_000 }));
    expect(answer.statusCode).toBe(408);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers.connection).toBe('close');
    expect(JSON.parse(await textOf(answer))).toMatchObject({ status: 408 });
    expect(api.logLines).toEqual([]);
  });

  it('are not timed any more once they are in, however long the log takes', async () => {
    const timeoutMs = 300;
    await listenWith({ maxHeldBytes: LONGEST, timeoutMs });
    const confirm = api.log.hold();
    const sent = post({ 'content-length': REVIEW.length }).end(REVIEW);
    await new Promise((later) => setTimeout(later, 1.5 * timeoutMs));
    confirm();
    expect((await answerOf(sent)).statusCode).toBe(202);
  });

  it('are read whole when they come in pieces of a byte', async () => {
    await listenWith({ maxHeldBytes: LONGEST, timeoutMs: 60_000 });
    const sent = post({ 'transfer-encoding': 'chunked' });
    for (const letter of REVIEW) sent.write(letter);
    expect((await answerOf(sent.end())).statusCode).toBe(202);
    expect(await api.commands()).toMatchObject([{ userId: 'ada', halfStars: 8 }]);
  });

  it('are refused with 413 when they come in chunks and are too long', async () => {
    await listenWith({ maxHeldBytes: LONGEST, timeoutMs: 60_000 });
    const sent = post({ 'transfer-encoding': 'chunked' });
    sent.write(Buffer.alloc(2 * LONGEST, ' '));
    expect((await answerOf(sent)).statusCode).toBe(413);
  });

  it('are not those of reads, which nobody waits for', async () => {
    await listenWith({ maxHeldBytes: LONGEST, timeoutMs: 50 });
    const stream = await answerOf(get('/v1/statistics/events', { 'transfer-encoding': 'chunked' }));
    expect(stream.statusCode).toBe(200);
    const answer = await answerOf(post({ 'content-length': REVIEW.length }).end(REVIEW));
    expect(answer.statusCode).toBe(202);
  });

  it('that are refused unread end nothing else, however long the refusal waits for its turn', async () => {
    const timeoutMs = 50;
    await listenWith({ maxHeldBytes: 2 * LONGEST, timeoutMs });
    const confirm = api.log.hold();
    const { port } = api.app.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    for (const [length, body] of [
      [REVIEW.length, REVIEW],
      [2 * LONGEST, ''],
    ])
      socket.write(
        `POST /v1/courses/ts-101/reviews HTTP/1.1\r\nhost: api\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`,
      );
    await received();
    await received();
    await new Promise((later) => setTimeout(later, 2 * timeoutMs));
    confirm();
    expect((await textOf(socket)).match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 202', 'HTTP/1.1 413']);
  });
});
