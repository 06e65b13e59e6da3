import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { topicPartitionKey } from '../../records.js';
import { APIS } from '../../wire/api.js';
import { BufferReader } from '../../wire/buffer-reader.js';
import { BufferWriter } from '../../wire/buffer-writer.js';
import { FrameReader } from '../../wire/frame-reader.js';

const PARTITIONS = 4;
const NODE_ID = 7;

/** What is answered about a partition: bytes of a record set, or an error code. Nothing new where it is left out. */
export type FetchAnswer = Readonly<Record<string, Buffer | number>>;

/** A fetch that waits for a test to answer it. */
export interface WaitingFetch {
  /** Where each partition is asked for, by `topicPartitionKey`. */
  readonly offsets: Readonly<Record<string, number>>;
  readonly maxWaitMs: number;
  answer(of: FetchAnswer): void;
  /** Closes its connection. */
  cut(): void;
}

/** One broker that leads everything, and answers fetches when and as a test says. */
export class FetchBroker {
  /** First offset of every partition. */
  logStart = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #fetches: WaitingFetch[] = [];
  #onFetch: () => void = () => undefined;

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      const frames = new FrameReader((frame) => {
        this.#onRequest(frame, socket);
      });
      socket.on('data', (chunk) => {
        frames.add(chunk);
      });
      socket.on('error', () => undefined);
    });
  }

  static async start(): Promise<FetchBroker> {
    const broker = new FetchBroker();
    broker.#server.listen(0, '127.0.0.1');
    await once(broker.#server, 'listening');
    return broker;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  /** Fetches that came in and that no test has taken yet. */
  get untaken(): number {
    return this.#fetches.length;
  }

  /** The next fetch that comes in, or has come in. */
  async fetch(): Promise<WaitingFetch> {
    for (;;) {
      const next = this.#fetches.shift();
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => (this.#onFetch = resolve));
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #onRequest(frame: Buffer, socket: Socket): void {
    const reader = new BufferReader(frame);
    const key = reader.int16();
    reader.int16(); // version
    const correlationId = reader.int32();
    reader.nullableString(); // client
    const reply = (write: (writer: BufferWriter) => void): void => {
      const writer = new BufferWriter();
      writer.sized(() => {
        writer.int32(correlationId);
        write(writer);
      });
      socket.write(writer.written);
    };
    switch (key) {
      case APIS.apiVersions.key:
        reply(writeApiVersions);
        return;
      case APIS.metadata.key:
        reply((writer) => {
          this.#writeMetadata(
            writer,
            reader.array(() => reader.string()),
          );
        });
        return;
      case APIS.listOffsets.key:
        reply((writer) => {
          writer.int32(1).string('').int32(1).int32(0).int16(0).int64(-1).int64(this.logStart);
        });
        return;
      case APIS.fetch.key:
        this.#fetches.push(waitingFetch(reader, reply, () => socket.destroy()));
        this.#onFetch();
        return;
      default:
        socket.destroy();
    }
  }

  #writeMetadata(writer: BufferWriter, topics: readonly string[]): void {
    const { host, port } = this.address;
    writer.int32(0).int32(1).int32(NODE_ID).string(host).int32(port).nullableString(null);
    writer.nullableString(null).int32(NODE_ID);
    writer.array(topics, (topic) => {
      writer.int16(0).string(topic).int8(0);
      writer.array([...Array(PARTITIONS).keys()], (partition) => {
        writer.int16(0).int32(partition).int32(NODE_ID).int32(0).int32(0);
      });
    });
  }
}

const writeApiVersions = (writer: BufferWriter): void => {
  writer.int16(0).array(Object.values(APIS), ({ key, version }) => {
    writer.int16(key).int16(version).int16(version);
  });
};

const waitingFetch = (
  reader: BufferReader,
  reply: (write: (writer: BufferWriter) => void) => void,
  cut: () => void,
): WaitingFetch => {
  reader.int32(); // replica
  const maxWaitMs = reader.int32();
  for (const skip of ['int32', 'int32', 'int8', 'int32', 'int32'] as const) reader[skip]();
  const asked = reader.array(() => readTopic(reader)).flat();
  return {
    offsets: Object.fromEntries(asked.map(({ target, offset }) => [topicPartitionKey(target), offset])),
    maxWaitMs,
    cut,
    answer(of) {
      reply((writer) => {
        writer.int32(0).int16(0).int32(0);
        writer.array(asked, ({ target }) => {
          const part = of[topicPartitionKey(target)] ?? Buffer.alloc(0);
          const [error, bytes] = typeof part === 'number' ? [part, Buffer.alloc(0)] : [0, part];
          writer.string(target.topic).int32(1).int32(target.partition).int16(error);
          writer.int64(100).int64(90).int64(0).int32(-1);
          writer.int32(bytes.length).raw(bytes.length, (into, at) => bytes.copy(into, at));
        });
      });
    },
  };
};

const readTopic = (reader: BufferReader) => {
  const topic = reader.string();
  return reader.array(() => {
    const target = { topic, partition: reader.int32() };
    reader.int32(); // leader epoch
    const offset = reader.int64();
    reader.int64(); // log start
    reader.int32(); // bytes at most
    return { target, offset };
  });
};
