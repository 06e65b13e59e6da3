import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { framesOf } from './kafka-frames.js';
import { startKafkaProxy, type Fate, type KafkaProxy, type RequestFrame } from './kafka-proxy.js';

const PRODUCE = 0;
const FETCH = 1;
const END_TXN = 26;

/** Answers each request with its correlation id and its body, one after the other, and remembers what it was asked. */
interface EchoingBroker {
  readonly address: string;
  readonly asked: number[];
  readonly sockets: Set<Socket>;
  readonly server: Server;
}

let broker: EchoingBroker;
let proxy: KafkaProxy;
let clients: Socket[];

beforeEach(async () => {
  broker = await startEchoingBroker();
  proxy = await startKafkaProxy({ brokers: [broker.address] });
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await proxy.close();
  for (const socket of broker.sockets) socket.destroy();
  broker.server.close();
});

const startEchoingBroker = async (): Promise<EchoingBroker> => {
  const asked: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    void echo(socket, asked);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, sockets, server };
};

const echo = async (socket: Socket, asked: number[]): Promise<void> => {
  try {
    for await (const bytes of framesOf(socket)) {
      const correlationId = bytes.readInt32BE(8);
      asked.push(correlationId);
      const clientIdLength = bytes.readInt16BE(12);
      socket.write(answerOf(correlationId, bytes.subarray(14 + Math.max(0, clientIdLength))));
    }
    socket.end();
  } catch {
    // The proxy broke off, as some tests ask it to.
    socket.destroy();
  }
};

const requestOf = (
  apiKey: number,
  correlationId: number,
  { clientId = 'a client', body = Buffer.from('body') }: { clientId?: string | null; body?: Buffer } = {},
): Buffer => {
  const name = Buffer.from(clientId ?? '');
  const header = Buffer.alloc(14);
  header.writeInt32BE(10 + name.length + body.length, 0);
  header.writeInt16BE(apiKey, 4);
  header.writeInt16BE(7, 6);
  header.writeInt32BE(correlationId, 8);
  header.writeInt16BE(clientId === null ? -1 : name.length, 12);
  return Buffer.concat([header, name, body]);
};

const answerOf = (correlationId: number, body: Buffer): Buffer => {
  const header = Buffer.alloc(8);
  header.writeInt32BE(4 + body.length, 0);
  header.writeInt32BE(correlationId, 4);
  return Buffer.concat([header, body]);
};

const connectClient = async (): Promise<Socket> => {
  const [address] = Object.values(proxy.addresses);
  const client = connect({ host: address?.host, port: address?.port ?? 0, noDelay: true });
  clients.push(client);
  client.on('error', () => undefined);
  await once(client, 'connect');
  return client;
};

/** Correlation ids of the answers up to `count`, or until the connection ends. */
const answered = async (client: Socket, count = Number.POSITIVE_INFINITY): Promise<number[]> => {
  const correlationIds: number[] = [];
  try {
    for await (const bytes of framesOf(client)) {
      correlationIds.push(bytes.readInt32BE(4));
      if (correlationIds.length === count) break;
    }
  } catch {
    // Cut: what came before it counts.
  }
  return correlationIds;
};

const connectionsAtBroker = (count: number): Promise<void> =>
  eventually(() => {
    expect(broker.sockets.size).toBe(count);
    return Promise.resolve();
  });

/** A promise to be kept from outside. */
const later = <T>(): { readonly promise: Promise<T>; resolve(value: T): void } => {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((keep) => {
    resolve = keep;
  });
  return {
    promise,
    resolve: (value) => {
      resolve(value);
    },
  };
};

describe('the proxy between a client and its broker', () => {
  it('puts requests together again, whatever chunks they come in', async () => {
    const client = await connectClient();
    const bytes = Buffer.concat([1, 2, 3].map((correlationId) => requestOf(FETCH, correlationId)));
    for (const byte of bytes) {
      client.write(Buffer.of(byte));
      // Each byte on its own.
      await new Promise((next) => setImmediate(next));
    }
    expect(await answered(client, 3)).toEqual([1, 2, 3]);
  });

  it('keeps the order of requests that come in one chunk', async () => {
    const client = await connectClient();
    const correlationIds = Array.from({ length: 500 }, (_, index) => index);
    client.write(Buffer.concat(correlationIds.map((correlationId) => requestOf(FETCH, correlationId))));
    expect(await answered(client, 500)).toEqual(correlationIds);
  });

  it('changes no byte, of small answers and of large ones', async () => {
    const client = await connectClient();
    const body = Buffer.alloc(12_000_000, 'abcdefg');
    client.write(requestOf(FETCH, 1, { body }));
    const answer = await framesOf(client).next();
    expect(answerOf(1, body).equals(answer.value as Buffer)).toBe(true);
  });

  it('names a request as Kafka does', async () => {
    const seen: unknown[] = [];
    proxy.fateOf = ({ bytes, ...request }) => {
      seen.push({ ...request, length: bytes.length });
      return 'pass';
    };
    const client = await connectClient();
    client.write(requestOf(END_TXN, 1, { clientId: 'writer' }));
    client.write(requestOf(999, 2, { clientId: null }));
    await answered(client, 2);
    const common = { broker: broker.address, apiVersion: 7 };
    expect(seen).toEqual([
      { ...common, apiKey: END_TXN, apiName: 'EndTxn', correlationId: 1, clientId: 'writer', length: 24 },
      { ...common, apiKey: 999, apiName: 'api 999', correlationId: 2, clientId: null, length: 18 },
    ]);
    expect(Object.fromEntries(proxy.requests)).toEqual({ EndTxn: 1, 'api 999': 1 });
  });

  it('lets neither the broker see a cut request nor the client hear of it', async () => {
    proxy.fateOf = ({ apiName }) => (apiName === 'EndTxn' ? 'cut request' : 'pass');
    const client = await connectClient();
    client.write(requestOf(PRODUCE, 1));
    expect(await answered(client, 1)).toEqual([1]);
    client.write(Buffer.concat([requestOf(END_TXN, 2), requestOf(PRODUCE, 3)]));
    expect(await answered(client)).toEqual([]);
    await connectionsAtBroker(0);
    expect(broker.asked).toEqual([1]);
    expect(Object.fromEntries(proxy.cutRequests)).toEqual({ EndTxn: 1 });
    expect(proxy.cutResponses.size).toBe(0);
  });

  it('lets the broker do what a cut response answers, and passes the answers before it', async () => {
    proxy.fateOf = ({ apiName }) => (apiName === 'EndTxn' ? 'cut response' : 'pass');
    const client = await connectClient();
    client.write(Buffer.concat([requestOf(PRODUCE, 1), requestOf(END_TXN, 2), requestOf(PRODUCE, 3)]));
    expect(await answered(client)).toEqual([1]);
    await connectionsAtBroker(0);
    expect(broker.asked.slice(0, 2)).toEqual([1, 2]);
    expect(Object.fromEntries(proxy.cutResponses)).toEqual({ EndTxn: 1 });
    expect(proxy.cutRequests.size).toBe(0);
  });

  it('holds a request and what follows it on its connection, and nothing else, until its fate is known', async () => {
    const fate = later<Fate>();
    const held = later<RequestFrame>();
    proxy.fateOf = (request) => {
      if (request.apiName !== 'EndTxn') return 'pass';
      held.resolve(request);
      return fate.promise;
    };
    const client = await connectClient();
    client.write(Buffer.concat([requestOf(PRODUCE, 1), requestOf(END_TXN, 2), requestOf(PRODUCE, 3)]));
    expect(await answered(client, 1)).toEqual([1]);
    await held.promise;
    const other = await connectClient();
    other.write(requestOf(PRODUCE, 4));
    expect(await answered(other, 1)).toEqual([4]);
    expect(broker.asked).toEqual([1, 4]);
    fate.resolve('pass');
    expect(await answered(client, 2)).toEqual([2, 3]);
  });

  it('delivers a held request whose client has died, as a network may', async () => {
    const fate = later<Fate>();
    const held = later<RequestFrame>();
    proxy.fateOf = (request) => {
      if (request.apiName !== 'EndTxn') return 'pass';
      held.resolve(request);
      return fate.promise;
    };
    const client = await connectClient();
    client.write(requestOf(END_TXN, 1));
    await held.promise;
    client.resetAndDestroy();
    await once(client, 'close');
    // By the time others are answered the proxy knows.
    const other = await connectClient();
    other.write(requestOf(PRODUCE, 2));
    expect(await answered(other, 1)).toEqual([2]);
    fate.resolve('pass');
    await eventually(() => {
      expect(broker.asked).toEqual([2, 1]);
      return Promise.resolve();
    });
    other.end();
    await connectionsAtBroker(0);
  });

  it('reads no faster than its reader', async () => {
    const client = await connectClient();
    client.pause();
    await connectionsAtBroker(1);
    const [socket] = broker.sockets;
    const frame = answerOf(1, Buffer.alloc(1_000_000));
    const frames = 100;
    let flushed = 0;
    for (let sent = 0; sent < frames; sent++) socket?.write(frame, () => (flushed += 1));
    await eventually(async () => {
      const before = flushed;
      await new Promise((next) => setTimeout(next, 200));
      expect(flushed).toBe(before);
    });
    expect(flushed).toBeLessThan(frames);
    expect(await answered(client, frames)).toHaveLength(frames);
  });

  it('closes one side when the other is gone', async () => {
    const leaving = await connectClient();
    const left = await connectClient();
    for (const client of [leaving, left]) client.write(requestOf(PRODUCE, 1));
    await Promise.all([answered(leaving, 1), answered(left, 1)]);
    expect(broker.sockets.size).toBe(2);

    leaving.end();
    await connectionsAtBroker(1);

    for (const socket of broker.sockets) socket.destroy();
    expect(await answered(left)).toEqual([]);
  });

  it('breaks off with whoever does not speak Kafka', async () => {
    const client = await connectClient();
    client.write('GET / HTTP/1.1\r\n\r\n'.padStart(24, '\0'));
    expect(await answered(client)).toEqual([]);
    expect(broker.asked).toEqual([]);
  });

  it('reaches a broker by the address it advertises, and refuses any other', async () => {
    const [host = '', port] = broker.address.split(':');
    const open = (toPort: number) => proxy.socketFactory({ host, port: toPort, onConnect: () => undefined });
    const client = open(Number(port));
    clients.push(client);
    client.write(requestOf(FETCH, 1));
    expect(await answered(client, 1)).toEqual([1]);
    expect(Object.fromEntries(proxy.requests)).toEqual({ Fetch: 1 });
    expect(() => open(1)).toThrow(`There is no proxy for the broker ${host}:1`);
  });

  it('says so at the end when a fate could not be decided', async () => {
    const other = await startKafkaProxy({ brokers: [broker.address] });
    other.fateOf = () => {
      throw new Error('undecided');
    };
    const [host = '', port] = broker.address.split(':');
    const client = other.socketFactory({ host, port: Number(port), onConnect: () => undefined });
    clients.push(client);
    client.write(requestOf(FETCH, 1));
    expect(await answered(client)).toEqual([]);
    await expect(other.close()).rejects.toThrow('undecided');
  });
});
