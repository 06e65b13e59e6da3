import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { APIS } from '../../wire/api.js';
import { BufferReader } from '../../wire/buffer-reader.js';
import { BufferWriter } from '../../wire/buffer-writer.js';
import type { BrokerAddress } from '../../wire/connection-options.js';
import { FrameReader } from '../../wire/frame-reader.js';
import { fieldsOf, writeAnswer, type AskedFields } from './broker-answers.js';

export type ApiName = (typeof APIS)[keyof typeof APIS]['name'];

/** A request as the broker got it. */
export interface Asked extends AskedFields {
  readonly api: ApiName;
}

/** What becomes of a request: answered with this error code (0: done), not answered, or cut off. */
export type Reaction = number | 'silence' | 'cut' | Buffer;

/** A broker that leads and coordinates what it is told to, and answers by a script. Not one byte is kept. */
export interface ScriptedBroker {
  readonly address: BrokerAddress;
  /** All requests but ApiVersions, in order. */
  readonly asked: readonly Asked[];
  /** Who leads and coordinates; default: this one. */
  leader: BrokerAddress;
  coordinator: BrokerAddress;
  /** Versions it claims to speak of everything. */
  versions: { readonly min: number; readonly max: number };
  /** Takes the place of a request's answer, once each, in order. */
  readonly script: Partial<Record<ApiName, Reaction[]>>;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, on a free port. */
export const startScriptedBroker = async (): Promise<ScriptedBroker> => {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const frames = new FrameReader((frame) => {
      react(socket, frame);
    });
    socket
      .on('data', (chunk) => {
        frames.add(chunk);
      })
      .on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = { host: '127.0.0.1', port };
  let nextOffset = 0;

  const react = (socket: Socket, frame: Buffer): void => {
    const reader = new BufferReader(frame);
    const key = reader.int16();
    reader.int16(); // version
    const correlationId = reader.int32();
    reader.string(); // client
    const api = nameOf(key);
    const request = { api, ...fieldsOf(api, reader) };
    if (api !== 'ApiVersions') asked.push(request);
    const reaction = broker.script[api]?.shift() ?? 0;
    if (reaction === 'cut') socket.destroy();
    if (typeof reaction === 'string') return;
    const writer = new BufferWriter();
    writer.sized(() => {
      writer.int32(correlationId);
      if (typeof reaction !== 'number')
        writer.raw(reaction.length, (bytes, at) => void reaction.copy(bytes, at));
      else writeAnswer(writer, request, { ...broker, error: reaction, baseOffset: nextOffset });
    });
    if (api === 'Produce' && reaction === 0) nextOffset += request.count;
    socket.write(writer.written);
  };

  const broker: ScriptedBroker = {
    address,
    asked,
    leader: address,
    coordinator: address,
    versions: { min: 0, max: 10 },
    script: {},
    async close() {
      for (const socket of sockets) socket.destroy();
      await closed(server);
    },
  };
  return broker;
};

const nameOf = (key: number): ApiName => {
  const found = Object.values(APIS).find((api) => api.key === key);
  if (found === undefined) throw new Error(`Nothing is said of API ${key}`);
  return found.name;
};

const closed = async (server: Server): Promise<void> => {
  server.close();
  await once(server, 'close');
};
