/**
 * The service the campaign tortures: a program of its own on the built library. Per account it keeps how many events
 * there were, the sum of their amounts and the last one's number, until an event closes the account. Tells everything
 * that happens to its tasks as lines of JSON.
 */
import { connect } from 'node:net';
import { crc32 } from 'node:zlib';
import type * as Streams from '@reviews/streams';
import type { SocketFactory } from '@reviews/streams/testing';
import type { CampaignTopics } from './topics.js';

const { jsonCodec, startStreamService } = (await import(
  new URL('../../dist/libs/streams/src/index.js', import.meta.url).href
)) as typeof Streams;

/** What the campaign says in the environment variable COUNTING_SERVICE. */
interface Settings {
  readonly clientId: string;
  readonly brokers: readonly string[];
  /** Where each broker is reached, by its `host:port`. */
  readonly proxies: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
  readonly applicationId: string;
  /** As long as the application id. Another group than the application's makes a second owner of everything. */
  readonly groupId: string;
  readonly topics: CampaignTopics;
  readonly partitions: number;
}

const settings = JSON.parse(process.env['COUNTING_SERVICE'] ?? '') as Settings;
const { clientId, brokers, proxies, applicationId, groupId, topics, partitions } = settings;

const tell = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const told = (error: unknown): string =>
  error instanceof Error
    ? `${error.message}${error.cause === undefined ? '' : ` < ${told(error.cause)}`}`
    : String(error);

const log =
  (level: string) =>
  (fields: object, message: string): void => {
    const { err, ...rest } = fields as { err?: unknown };
    tell({ kind: 'log', level, message, ...rest, ...(err === undefined ? {} : { err: told(err) }) });
  };

const logger = { debug: () => undefined, info: log('info'), warn: log('warn'), error: log('error') };

const bytesAsString = (text: string): Buffer => {
  const bytes = Buffer.alloc(2 + Buffer.byteLength(text));
  bytes.writeInt16BE(bytes.length - 2);
  bytes.write(text, 2);
  return bytes;
};

/** A group's name stands in requests with its length before it, so that transactional ids, which are longer, stay. */
const APPLICATION = bytesAsString(applicationId);
const GROUP = bytesAsString(groupId);

const replaceGroup = (request: Uint8Array): void => {
  const bytes = Buffer.from(request.buffer, request.byteOffset, request.byteLength);
  for (let at = bytes.indexOf(APPLICATION); at >= 0; at = bytes.indexOf(APPLICATION, at))
    GROUP.copy(bytes, at);
};

const socketFactory: SocketFactory = ({ host, port, onConnect }) => {
  const proxy = proxies[`${host}:${port}`];
  if (proxy === undefined) throw new Error(`There is no proxy for the broker ${host}:${port}`);
  const socket = connect({ ...proxy, noDelay: true }, onConnect);
  if (groupId === applicationId) return socket;
  const write = socket.write.bind(socket) as (...args: readonly unknown[]) => boolean;
  socket.write = (request: Uint8Array | string, ...rest: readonly unknown[]) => {
    if (typeof request !== 'string') replaceGroup(request);
    return write(request, ...rest);
  };
  return socket;
};

interface Account {
  readonly count: number;
  readonly sum: number;
  readonly last: number;
}

/** Per partition; JSON. */
interface Progress {
  readonly events: number;
  readonly deadLetters: number;
  readonly ticks: number;
  /** Checksum over the numbers of all events, in their order. */
  readonly order: number;
}

interface CountingEvent {
  readonly seq: number;
  readonly add: number;
  readonly close: boolean;
}

const eventOf = (value: Buffer | null): CountingEvent => {
  const event = JSON.parse(String(value)) as Partial<CountingEvent> | null;
  if (typeof event?.seq !== 'number') throw new Error('an event has a number');
  return { seq: event.seq, add: event.add ?? 0, close: event.close ?? false };
};

const stores = { accounts: { name: 'accounts', codec: jsonCodec<Account>() } };
const NO_PROGRESS: Progress = { events: 0, deadLetters: 0, ticks: 0, order: 0 };
const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));

const definition: Streams.ServiceDefinition<typeof stores, Progress> = {
  applicationId,
  source: topics.source,
  changelog: topics.changelog,
  deadLetters: topics.deadLetters,
  outputs: [topics.counts, topics.summaries, topics.receipts],
  stores,
  tickIntervalMs: 400,
  logicOf({ stores: { accounts } }) {
    // Derived from the store, and remembered beyond transactions: wrong if a failed one leaves its traces.
    let open = [...accounts.entries()].length;
    let offsets: number[] = [];
    return {
      process(records, context) {
        let progress = context.partitionState() ?? NO_PROGRESS;
        for (const record of records) {
          offsets.push(record.offset);
          let event: CountingEvent;
          try {
            event = eventOf(record.value);
          } catch (error) {
            context.deadLetter(record, 'unreadable', error);
            progress = { ...progress, deadLetters: progress.deadLetters + 1 };
            continue;
          }
          const account = String(record.key);
          const before = context.get('accounts', account);
          const after = {
            count: (before?.count ?? 0) + 1,
            sum: (before?.sum ?? 0) + event.add,
            last: event.seq,
          };
          if (event.close) context.delete('accounts', account);
          else context.put('accounts', account, after);
          if (before === undefined && !event.close) open += 1;
          if (before !== undefined && event.close) open -= 1;
          context.emit(topics.counts, {
            key: Buffer.from(account),
            value: json({ ...after, closed: event.close }),
          });
          const order = crc32(`${event.seq},`, progress.order);
          progress = { ...progress, events: progress.events + 1, order };
        }
        context.setPartitionState(progress);
      },
      tick(context) {
        const progress = context.partitionState() ?? NO_PROGRESS;
        const ticks = progress.ticks + 1;
        context.setPartitionState({ ...progress, ticks });
        context.emit(topics.summaries, { key: null, value: json({ tick: ticks }) });
      },
      finish(context) {
        if (offsets.length === 0) return;
        const summary = { first: offsets[0], last: offsets.at(-1), records: offsets.length, open };
        context.emit(topics.summaries, { key: null, value: json(summary) });
        offsets = [];
      },
    };
  },
  receipt: { topic: topics.receipts, recordOf: (summary) => ({ key: null, value: json(summary) }) },
};

const die = (error: unknown): never => {
  tell({ kind: 'fatal', message: told(error) });
  process.exit(1);
};

const startService = (): Promise<Streams.StreamService> =>
  startStreamService({
    connection: { clientId, brokers, logger, socketFactory },
    definition,
    partitions,
    timeouts: {
      heartbeatIntervalMs: 1_000,
      transactionTimeoutMs: 5_000,
      sessionTimeoutMs: 6_000,
      rebalanceTimeoutMs: 10_000,
    },
    // Small enough that a campaign has many transactions to hit.
    limits: { maxRecords: 400, maxKeys: 400, maxBytes: 1_000_000, maxHandlingMs: 200 },
    deadLetterLimit: { max: 1_000_000, perMs: 60_000 },
    observer: (taskId, event) => {
      tell({ taskId, ...event });
    },
    onFatal: die,
  });

const service = await startService().catch(die);

let lastStatus = '';
setInterval(() => {
  const tasks = service.tasks().map(({ partition, state, sourceNext }) => ({ partition, state, sourceNext }));
  const status = JSON.stringify(tasks);
  if (status === lastStatus) return;
  lastStatus = status;
  tell({ kind: 'status', tasks });
}, 100);

// Whoever started it is gone.
process.stdin.once('end', () => process.exit(1)).resume();
process.once('SIGTERM', () => {
  service.stop().then(() => process.exit(0), die);
});
