import { request, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { apiUnderTest, type ApiUnderTest } from '../testing/api-under-test.js';
import { inMemorySchemaRegistry } from '../testing/in-memory-schema-registry.js';

const MAX_STREAMS = 3;

let api: ApiUnderTest;
let url: string;
let leaving: AbortController;

beforeEach(async () => {
  leaving = new AbortController();
  api = await apiUnderTest(inMemorySchemaRegistry(), { MAX_EVENT_STREAMS: String(MAX_STREAMS) });
  url = await api.app.getHttpAdapter().getInstance().listen({ host: '127.0.0.1', port: 0 });
  api.changes.store('a', 1);
});

afterEach(async () => {
  await api.app.close();
  leaving.abort();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url + path, { headers, signal: leaving.signal });

/** The events of an answer, one at a time. */
async function* eventsOf(response: Response): AsyncGenerator<EventSourceMessage> {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => void events.push(event) });
  const decoder = new TextDecoder();
  const body: ReadableStream<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* events.splice(0);
  }
}

const next = async (events: AsyncGenerator<EventSourceMessage>): Promise<EventSourceMessage> => {
  const event = await events.next();
  if (event.done === true) throw new Error('The stream has ended');
  return event.value;
};

describe('live updates over HTTP', () => {
  it('are the statistics as GET answers them, at first and after each change', async () => {
    const response = await get('/v1/courses/a/statistics/events', { 'accept-encoding': 'gzip' });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(response.headers.get('etag')).toBeNull();
    expect(response.headers.get('content-encoding')).toBeNull();
    const events = eventsOf(response);
    const first = await next(events);
    expect(first.event).toBe('statistics');
    expect(JSON.parse(first.data)).toMatchObject({
      courseId: 'a',
      allTime: { count: 1, version: 1 },
      recent: { windowEnd: '2026-02-28' },
    });
    api.changes.store('a', 2);
    api.notify();
    expect(JSON.parse((await next(events)).data)).toMatchObject({ allTime: { version: 2 } });
  });

  it('go on after the id of the last event, which the header tells and else the parameter', async () => {
    const first = await next(eventsOf(await get('/v1/courses/a/statistics/events')));
    const id = first.id ?? '';
    api.changes.store('b', 1);
    const byHeader = eventsOf(await get('/v1/statistics/events?lastEventId=1-1:1:', { 'last-event-id': id }));
    expect(JSON.parse((await next(byHeader)).data)).toMatchObject({ courseId: 'b' });
    const byParameter = eventsOf(await get(`/v1/statistics/events?lastEventId=${encodeURIComponent(id)}`));
    expect(JSON.parse((await next(byParameter)).data)).toMatchObject({ courseId: 'b' });
  });

  it('of all courses begin with a reset when the id means nothing', async () => {
    const events = eventsOf(await get('/v1/statistics/events', { 'last-event-id': 'nonsense' }));
    expect(await next(events)).toMatchObject({ event: 'reset', data: '{"reason":"unknown-last-event-id"}' });
  });

  it.each([
    ['courseId', '/v1/courses/a%2Fb/statistics/events'],
    ['lastEventId', `/v1/statistics/events?lastEventId=${'1'.repeat(1_001)}`],
    ['lastEventId', '/v1/statistics/events?lastEventId=1&lastEventId=2'],
    ['until', '/v1/statistics/events?until=tomorrow'],
  ])('are refused for a bad %s', async (field, path) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ errors: [{ field }] });
  });

  it('are answered with 503 when too many streams are open, until one is closed', async () => {
    const closing = new AbortController();
    const streams = await Promise.all(
      Array.from({ length: MAX_STREAMS }, () =>
        fetch(`${url}/v1/statistics/events`, { signal: closing.signal }),
      ),
    );
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
    const refused = await get('/v1/statistics/events');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await metric('live_open_streams{follows="all"')).toBe(MAX_STREAMS);
    closing.abort();
    while ((await metric('live_open_streams{follows="all"')) > 0) await new Promise(setImmediate);
    expect((await get('/v1/statistics/events')).status).toBe(200);
  });

  it('answer HEAD like GET, and end', async () => {
    const response = await fetch(`${url}/v1/statistics/events`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await metric('live_open_streams{follows="all"')).toBe(0);
  });

  it('end when the service stops', async () => {
    const events = eventsOf(await get('/v1/courses/a/statistics/events'));
    await next(events);
    const [ended] = await Promise.all([events.next(), api.app.close()]);
    expect(ended.done).toBe(true);
  });

  it('pile up nowhere for a client that reads nothing: it gets each course once more when it reads', async () => {
    const COURSES = 2_000;
    const ROUNDS = 15;
    const response = await new Promise<IncomingMessage>((resolve) => {
      request(`${url}/v1/statistics/events`, resolve).end();
    });
    response.pause();
    for (let round = 1; round <= ROUNDS; round++) {
      for (let course = 0; course < COURSES; course++) api.changes.store(`course-${course}`, round);
      api.notify();
      // Longer than the pause between two reads.
      await new Promise((later) => setTimeout(later, 150));
    }
    const versions = new Map<string, number>();
    let events = 0;
    const parser = createParser({
      onEvent: ({ data }) => {
        const { courseId, allTime } = JSON.parse(data) as { courseId: string; allTime: { version: number } };
        expect(allTime.version).toBeGreaterThanOrEqual(versions.get(courseId) ?? 0);
        versions.set(courseId, allTime.version);
        events += 1;
      },
    });
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      parser.feed(text);
    });
    response.resume();
    while (versions.size < COURSES || [...versions.values()].some((version) => version < ROUNDS))
      await new Promise((later) => setTimeout(later, 20));
    expect(events).toBeLessThan((COURSES * ROUNDS) / 2);
    response.destroy();
  }, 30_000);

  it('stay open while the database is down, and go on when it is back', async () => {
    const events = eventsOf(await get('/v1/courses/a/statistics/events'));
    await next(events);
    api.changes.failure = new Error('the database is gone');
    api.notify();
    while (!api.logLines.some((line) => line.includes('Live updates wait'))) await new Promise(setImmediate);
    api.changes.failure = undefined;
    api.changes.store('a', 2);
    // What the connection for notifications says when it is back.
    api.notify();
    expect(JSON.parse((await next(events)).data)).toMatchObject({ allTime: { version: 2 } });
    expect(api.logLines.filter((line) => line.includes('Live updates wait'))).toHaveLength(1);
  });
});

const metric = async (start: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(start));
  return Number(line?.split(' ').at(-1));
};
