import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { WireRequest } from './api.js';
import { BrokerConnection } from './broker-connection.js';
import { BufferReader } from './buffer-reader.js';
import { BufferWriter } from './buffer-writer.js';
import type { ConnectionOptions } from './connection-options.js';
import { FrameReader } from './frame-reader.js';
import { ConnectionError, MalformedAnswerError, ProtocolError } from './wire-error.js';

interface Asked {
  readonly correlationId: number;
  readonly text: string;
}

const OPTIONS: ConnectionOptions = { clientId: 'spec', connectTimeoutMs: 5_000, requestTimeoutMs: 5_000 };

/** Asks for a text by a text. */
const echo = (text: string): WireRequest<string> => ({
  api: { name: 'Echo', key: 99, version: 3 },
  write: (writer) => void writer.string(text),
  read: (reader) => reader.string(),
});

const answerTo = ({ correlationId, text }: Asked): Buffer => {
  const writer = new BufferWriter();
  return writer.sized(() => void writer.int32(correlationId).string(`${text}!`)).written;
};

let server: Server;
let sockets: Socket[];
let onAsked: (asked: Asked, socket: Socket) => void;
let connections: BrokerConnection[];

beforeEach(async () => {
  sockets = [];
  connections = [];
  onAsked = (asked, socket) => void socket.write(answerTo(asked));
  server = createServer((socket) => {
    sockets.push(socket);
    const frames = new FrameReader((frame) => {
      const reader = new BufferReader(frame);
      expect([reader.int16(), reader.int16()]).toEqual([99, 3]);
      const correlationId = reader.int32();
      expect(reader.string()).toBe('spec');
      onAsked({ correlationId, text: reader.string() }, socket);
    });
    socket.on('data', (chunk) => {
      frames.add(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const connection of connections) connection.close();
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

const open = async (options: Partial<ConnectionOptions> = {}): Promise<BrokerConnection> => {
  const { port } = server.address() as AddressInfo;
  const connection = await BrokerConnection.open({ host: '127.0.0.1', port }, { ...OPTIONS, ...options });
  connections.push(connection);
  return connection;
};

/** Answers nothing until so many requests have come, then says what to do with them. */
const gather = (count: number, act: (all: readonly Asked[], socket: Socket) => void): void => {
  const all: Asked[] = [];
  onAsked = (asked, socket) => {
    all.push(asked);
    if (all.length === count) act(all, socket);
  };
};

describe('a connection to a broker', () => {
  it('gives each request its own answer while others are under way', async () => {
    gather(3, (all, socket) => socket.write(Buffer.concat(all.map(answerTo))));
    const connection = await open();
    const answers = await Promise.all(['a', 'b', 'c'].map((text) => connection.request(echo(text))));
    expect(answers).toEqual(['a!', 'b!', 'c!']);
  });

  it('fails everything that waits with one error when the broker closes it, and whatever comes later', async () => {
    gather(2, (_all, socket) => socket.destroy());
    const connection = await open();
    const outcomes = await Promise.allSettled(['a', 'b'].map((text) => connection.request(echo(text))));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(connection.isOpen).toBe(false);
    await expect(connection.request(echo('c'))).rejects.toThrow(ConnectionError);
  });

  it('is given up when an answer does not come in time', async () => {
    onAsked = () => undefined;
    const connection = await open({ requestTimeoutMs: 20 });
    await expect(connection.request(echo('a'))).rejects.toThrow('no answer to Echo within 20 ms');
    expect(connection.isOpen).toBe(false);
  });

  it('is given up at an answer to something else', async () => {
    onAsked = ({ correlationId, text }, socket) =>
      void socket.write(answerTo({ correlationId: correlationId + 1, text }));
    const connection = await open();
    await expect(connection.request(echo('a'))).rejects.toThrow(MalformedAnswerError);
    expect(connection.isOpen).toBe(false);
  });

  it.each<[string, (asked: Asked) => Buffer]>([
    ['is too short', (asked) => Buffer.concat([Buffer.from([0, 0, 0, 5]), answerTo(asked).subarray(4, 9)])],
    ['is too long', (asked) => answerTo(asked).fill(asked.text.length, 9, 10)],
    ['is no frame', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ])('is given up at an answer that %s', async (_what, answer) => {
    onAsked = (asked, socket) => void socket.write(answer(asked));
    const connection = await open();
    await expect(connection.request(echo('abc'))).rejects.toThrow(MalformedAnswerError);
    expect(connection.isOpen).toBe(false);
  });

  it('lives on after a refusal', async () => {
    const connection = await open();
    const refused: WireRequest<string> = {
      ...echo('a'),
      read(reader) {
        reader.string();
        throw new ProtocolError(47, 'Echo');
      },
    };
    await expect(connection.request(refused)).rejects.toMatchObject({ code: 47 });
    expect(await connection.request(echo('b'))).toBe('b!');
  });

  it('fails what waits when its user closes it', async () => {
    onAsked = () => undefined;
    const connection = await open();
    const waiting = connection.request(echo('a'));
    connection.close();
    await expect(waiting).rejects.toThrow('closed by its user');
  });

  it('cannot be made where nobody listens', async () => {
    const { port } = server.address() as AddressInfo;
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port: free } = nobody.address() as AddressInfo;
    nobody.close();
    await once(nobody, 'close');
    expect(free).not.toBe(port);
    await expect(BrokerConnection.open({ host: '127.0.0.1', port: free }, OPTIONS)).rejects.toThrow(
      ConnectionError,
    );
  });

  it('is given up when it cannot be made in time', async () => {
    const neverConnects: Partial<ConnectionOptions> = {
      connectTimeoutMs: 20,
      socketFactory: () => {
        const [socket] = sockets;
        if (socket === undefined) throw new Error('one connection must be there');
        return socket;
      },
    };
    await (await open()).request(echo('a'));
    await expect(open(neverConnects)).rejects.toThrow('no connection within 20 ms');
  });
});
