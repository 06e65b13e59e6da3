import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SchemaRegistryError, schemaRegistryAt, type SchemaRegistry } from './schema-registry.js';

interface Answer {
  readonly status: number;
  readonly body?: object;
}

interface Call {
  readonly call: string;
  readonly body: unknown;
  readonly contentType: string | undefined;
}

/** Cuts the connection in the middle of an answer. */
const CUT = 'cut';

const servers: Server[] = [];

/** A real HTTP server that gives the answers in turn, the last one for ever, and keeps what it was asked. */
const registryAnswering = async (
  ...answers: readonly (Answer | typeof CUT)[]
): Promise<{ readonly registry: SchemaRegistry; readonly calls: readonly Call[] }> => {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void readAll(request).then((text) => {
      const answer = answers[Math.min(calls.length, answers.length - 1)] ?? CUT;
      calls.push({
        call: `${request.method ?? ''} ${request.url ?? ''}`,
        body: text === '' ? undefined : JSON.parse(text),
        contentType: request.headers['content-type'],
      });
      if (answer === CUT) {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"schema"', () => response.destroy());
        return;
      }
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body ?? {}));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { registry: schemaRegistryAt(`http://127.0.0.1:${port}/apis/ccompat/v7/`, 1), calls };
};

const readAll = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const SCHEMA = { status: 200, body: { schema: '"string"' } };

describe('the schema registry', () => {
  it('is asked under its base path, in its own media type', async () => {
    const { registry, calls } = await registryAnswering({ status: 200, body: { id: 7 } });
    expect(await registry.register('my/reviews-value', '"string"')).toBe(7);
    await registry.setCompatibility('FULL_TRANSITIVE');
    expect(calls).toEqual([
      {
        call: 'POST /apis/ccompat/v7/subjects/my%2Freviews-value/versions',
        body: { schema: '"string"' },
        contentType: 'application/vnd.schemaregistry.v1+json',
      },
      {
        call: 'PUT /apis/ccompat/v7/config',
        body: { compatibility: 'FULL_TRANSITIVE' },
        contentType: 'application/vnd.schemaregistry.v1+json',
      },
    ]);
  });

  it.each([503, 500, 404])('is asked again after %d', async (status) => {
    const { registry, calls } = await registryAnswering({ status }, SCHEMA);
    expect(await registry.schemaById(1)).toBe('"string"');
    expect(calls).toHaveLength(2);
  });

  it('is asked again when another has set its rule in the same moment', async () => {
    const { registry, calls } = await registryAnswering({ status: 409 }, { status: 200 });
    await registry.setCompatibility('FULL_TRANSITIVE');
    expect(calls).toHaveLength(2);
  });

  it('is asked again after it broke off in the middle of an answer', async () => {
    const { registry, calls } = await registryAnswering(CUT, SCHEMA);
    expect(await registry.schemaById(1)).toBe('"string"');
    expect(calls).toHaveLength(2);
  });

  it.each([409, 401, 422])('is not asked again after %d: it will not change its mind', async (status) => {
    const { registry, calls } = await registryAnswering({ status, body: { message: 'incompatible' } });
    const refused = await registry.register('s', '"string"').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SchemaRegistryError);
    expect(refused).toMatchObject({ code: 'REGISTRY_REFUSED', retriable: false });
    expect(String(refused)).toContain('incompatible');
    expect(calls).toHaveLength(1);
  });

  it.each<[string, Answer | typeof CUT]>([
    ['says it is not there', { status: 503 }],
    ['does not know the id', { status: 404 }],
    ['breaks off', CUT],
  ])('that %s every time is unavailable, which whoever waits for it may retry', async (_what, answer) => {
    const { registry, calls } = await registryAnswering(answer);
    const failed = await registry.schemaById(1).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      name: 'SchemaRegistryError',
      code: 'REGISTRY_UNAVAILABLE',
      retriable: true,
    });
    expect(calls).toHaveLength(2);
  });

  it('that nobody runs is unavailable', async () => {
    const registry = schemaRegistryAt('http://127.0.0.1:1', 0);
    await expect(registry.ping()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retriable: true });
  });

  it('is asked for a schema once, ids never change', async () => {
    const { registry, calls } = await registryAnswering(SCHEMA);
    await registry.schemaById(1);
    await registry.schemaById(1);
    await registry.schemaById(2);
    expect(calls.map(({ call }) => call)).toEqual([
      'GET /apis/ccompat/v7/schemas/ids/1',
      'GET /apis/ccompat/v7/schemas/ids/2',
    ]);
  });

  it('is asked once by many who want the same schema at the same time', async () => {
    const { registry, calls } = await registryAnswering(SCHEMA);
    await Promise.all([registry.schemaById(1), registry.schemaById(1), registry.schemaById(1)]);
    expect(calls).toHaveLength(1);
  });

  it('is asked anew for a schema it did not have', async () => {
    const { registry } = await registryAnswering({ status: 404 }, { status: 404 }, SCHEMA);
    await expect(registry.schemaById(1)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect(await registry.schemaById(1)).toBe('"string"');
  });

  it('is pinged once, without patience: readiness is asked again anyway', async () => {
    const { registry, calls } = await registryAnswering({ status: 503 }, SCHEMA);
    await expect(registry.ping()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect(calls).toHaveLength(1);
    await registry.ping();
  });
});
