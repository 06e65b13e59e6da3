import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { SocketFactory } from '@reviews/streams/testing';
import { API_NAMES, framesOf } from './kafka-frames.js';
import { proxiedSocketFactory, type Address } from './proxied-socket-factory.js';

/**
 * What becomes of a request. `cut request`: the broker never sees it. `cut response`: the broker does it and the client
 * never hears. Both close the connection, on both sides.
 */
export type Fate = 'pass' | 'cut request' | 'cut response';

/** A request on its way to a broker. */
export interface RequestFrame {
  /** `host:port` of the broker. */
  readonly broker: string;
  readonly apiKey: number;
  /** Kafka's name of the API: Produce, EndTxn, … */
  readonly apiName: string;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  /** The whole frame, with its length. */
  readonly bytes: Buffer;
}

/**
 * Says what becomes of a request. While a promise is pending the request is held: neither forwarded nor closed, and what
 * follows on its connection waits behind it. A held request reaches the broker even if its client has died meanwhile.
 */
export type FateOf = (request: RequestFrame) => Fate | Promise<Fate>;

/** How many, by the name of the API. */
export type CountByApi = ReadonlyMap<string, number>;

/** A proxy in front of each broker, which knows where a request ends and which answer is its own. */
export interface KafkaProxy {
  /** For clients of this process. */
  readonly socketFactory: SocketFactory;
  /** The proxy of each broker, by the broker's `host:port`. A child process makes a {@link proxiedSocketFactory} of it. */
  readonly addresses: Readonly<Record<string, Address>>;
  /** Settable at any time; passes everything at first. */
  fateOf: FateOf;
  /** Requests that came in, cut or not. */
  readonly requests: CountByApi;
  readonly cutRequests: CountByApi;
  /** Answers that had arrived when they were cut: what they answer has been done. */
  readonly cutResponses: CountByApi;
  /**
   * Closes every connection.
   *
   * @throws what {@link fateOf} threw, if it ever did; the connection it was asked about was closed
   */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, on one free port for each broker (`host:port`). */
export const startKafkaProxy = async (options: {
  readonly brokers: readonly string[];
}): Promise<KafkaProxy> => {
  const requests = new Map<string, number>();
  const cutRequests = new Map<string, number>();
  const cutResponses = new Map<string, number>();
  const sockets = new Set<Socket>();
  const failures: unknown[] = [];
  let fateOf: FateOf = () => 'pass';

  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Whoever reads or writes next learns of it; without a listener it would end the process.
    socket.on('error', () => undefined);
  };
  const listenFor = (broker: string): Promise<Server> =>
    listening(
      createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
        const { hostname, port } = new URL(`tcp://${broker}`);
        const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
        track(client);
        track(upstream);
        relay(
          { broker, client, upstream },
          {
            async decide(request) {
              add(requests, request.apiName);
              try {
                return await fateOf(request);
              } catch (error) {
                failures.push(error);
                throw error;
              }
            },
            onCut({ apiName }, fate) {
              add(fate === 'cut request' ? cutRequests : cutResponses, apiName);
            },
          },
        );
      }),
    );

  const servers = await Promise.all(options.brokers.map(listenFor));
  const addresses = Object.fromEntries(
    options.brokers.map((broker, index) => [broker, { host: '127.0.0.1', port: portOf(servers[index]) }]),
  );
  return {
    socketFactory: proxiedSocketFactory(addresses),
    addresses,
    get fateOf() {
      return fateOf;
    },
    set fateOf(decide) {
      fateOf = decide;
    },
    requests,
    cutRequests,
    cutResponses,
    async close() {
      const closed = servers.map((server) => once(server, 'close'));
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
      if (failures.length > 0) throw failures[0];
    },
  };
};

type Cut = Exclude<Fate, 'pass'>;

interface Connection {
  readonly broker: string;
  readonly client: Socket;
  readonly upstream: Socket;
}

interface Judge {
  decide(request: RequestFrame): Promise<Fate>;
  onCut(request: RequestFrame, fate: Cut): void;
}

/** Carries one connection's requests and answers, each in order and at the pace of whoever reads them. */
const relay = ({ broker, client, upstream }: Connection, judge: Judge): void => {
  /** Requests the broker was given and whose answers must not pass, by correlation id. */
  const doomed = new Map<number, RequestFrame>();
  const cut = (): void => {
    client.destroy();
    upstream.destroy();
  };

  const forwardRequests = async (): Promise<void> => {
    for await (const bytes of framesOf(client)) {
      const request = requestOf(broker, bytes);
      const fate = await judge.decide(request);
      if (fate === 'cut request') {
        judge.onCut(request, fate);
        cut();
        return;
      }
      if (fate === 'cut response') doomed.set(request.correlationId, request);
      await write(upstream, bytes);
    }
  };

  const forwardResponses = async (): Promise<void> => {
    for await (const bytes of framesOf(upstream)) {
      const request = doomed.get(bytes.readInt32BE(4));
      if (request !== undefined) {
        judge.onCut(request, 'cut response');
        cut();
        return;
      }
      await write(client, bytes);
    }
  };

  // A client that is gone, in peace or not, may still be owed what it asked for: the broker closes when it has done it.
  void forwardRequests()
    .catch(() => undefined)
    .then(() => upstream.end());
  // Without a broker nobody answers any more.
  void forwardResponses()
    .catch(() => upstream.destroy())
    .then(() => {
      client.destroySoon();
    });
};

/** Resolves when the other side may be given more. */
const write = (socket: Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.write(bytes, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });

const requestOf = (broker: string, bytes: Buffer): RequestFrame => {
  const apiKey = bytes.readInt16BE(4);
  const clientIdLength = bytes.readInt16BE(12);
  return {
    broker,
    apiKey,
    apiName: API_NAMES.get(apiKey) ?? `api ${apiKey}`,
    apiVersion: bytes.readInt16BE(6),
    correlationId: bytes.readInt32BE(8),
    clientId: clientIdLength < 0 ? null : bytes.toString('utf8', 14, 14 + clientIdLength),
    bytes,
  };
};

const listening = async (server: Server): Promise<Server> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

const portOf = (server: Server | undefined): number => (server?.address() as AddressInfo).port;

const add = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};
