import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  offsetOf,
  startPositionedConsumer,
  startStreamService,
  type Offset,
  type PositionedSink,
  type RecordBatch,
  type StreamsError,
} from '@reviews/streams';
import { startGroupConsumer, type GroupHandlers } from '@reviews/streams/testing';
import type { Batch, Consumer, ConsumerCrashEvent, EachBatchHandler, Message } from 'kafkajs';
import {
  bareKafka,
  clientsPerTest,
  newTopic,
  portConnection,
  sharedBrokers,
  uniqueName,
} from '../support/bare-kafka.js';
import { eventually } from '../support/eventually.js';
import { startKafkaProxy } from '../support/kafka-proxy.js';

const TIMEOUTS = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 10_000, heartbeatIntervalMs: 100 };
const RECORDS = 10;
const connected = clientsPerTest();

let topic: string;
let groupId: string;

beforeEach(async () => {
  topic = await newTopic({ 'retention.ms': '-1' });
  groupId = uniqueName('group');
});

const append = async (count: number): Promise<void> => {
  const producer = await connected(bareKafka().producer());
  await producer.send({
    topic,
    messages: Array.from({ length: count }, (_, index) => ({ key: 'key', value: `value ${index}` })),
  });
};

/** A member of the group as kafkajs makes it; nothing but what a test names differs from its defaults. */
const bareConsumer = async (kafka = bareKafka()): Promise<Consumer> => {
  const consumer = await connected(
    kafka.consumer({ groupId, heartbeatInterval: TIMEOUTS.heartbeatIntervalMs, maxWaitTimeInMs: 100 }),
  );
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  return consumer;
};

/** The crash that kafkajs does not start again from. It also calls it a crash when a group is only being loaded. */
const lastCrashOf = (consumer: Consumer) =>
  new Promise<ConsumerCrashEvent['payload']>((resolve) =>
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) resolve(payload);
    }),
  );

/** The first batch kafkajs hands over. */
const firstBareBatch = async (): Promise<Batch> => {
  const consumer = await bareConsumer();
  return new Promise((resolve, reject) => {
    const eachBatch: EachBatchHandler = ({ batch }) => {
      resolve(batch);
      return Promise.resolve();
    };
    consumer.run({ autoCommit: false, eachBatch }).catch(reject);
  });
};

/** Starts something of ours, and stops it after the test. */
const started = async <S extends { stop(): Promise<void> }>(start: () => Promise<S>): Promise<void> => {
  let running: S | undefined;
  await connected({
    async connect() {
      running = await start();
    },
    async disconnect() {
      await running?.stop();
    },
  });
};

const positionedConsumer = (
  apply: PositionedSink['apply'],
  onFatal: (error: StreamsError) => void,
): Promise<void> =>
  started(() =>
    startPositionedConsumer({
      connection: portConnection(),
      groupId,
      topics: [topic],
      sink: { positionsOf: () => Promise.resolve(new Map()), apply },
      timeouts: TIMEOUTS,
      logger: portConnection().logger,
      onFatal,
    }),
  );

/** A member of the group through our port, reading from the start. */
const portMember = (handlers: Partial<GroupHandlers>): Promise<void> =>
  started(async () => {
    let stop = () => Promise.resolve();
    await startGroupConsumer(
      { connection: portConnection(), groupId, topics: [topic], timeouts: TIMEOUTS },
      (group): GroupHandlers => {
        stop = () => group.stop();
        return {
          onAssigned(assigned) {
            for (const partition of assigned) group.seekAndResume(partition, offsetOf(0));
          },
          onBatch: () => Promise.resolve('applied'),
          onSkipped: () => undefined,
          onHeartbeat: () => undefined,
          onCrash: () => undefined,
          owned: () => [],
          ...handlers,
        };
      },
    );
    return { stop };
  });

const groupState = async () => {
  const admin = await connected(bareKafka().admin());
  const { groups } = await admin.describeGroups([groupId]);
  return groups[0]?.state;
};

describe('a handler that throws', () => {
  it.each([
    { Thrown: TypeError },
    { Thrown: RangeError },
    { Thrown: SyntaxError },
    { Thrown: ReferenceError },
  ])(
    'stops kafkajs for good with a $Thrown.name: the process lives on and the group is empty',
    async ({ Thrown }) => {
      await append(RECORDS);
      const consumer = await bareConsumer();
      const crash = lastCrashOf(consumer);
      await consumer.run({ eachBatch: () => Promise.reject(new Thrown('thrown by the handler')) });
      expect(await crash).toMatchObject({ error: { cause: expect.any(Thrown) } });
      expect(await groupState()).toBe('Empty');
    },
  );

  it('is called again by kafkajs only when what it throws is a plain Error', async () => {
    await append(RECORDS);
    let calls = 0;
    const consumer = await bareConsumer();
    await consumer.run({
      eachBatch: () => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('thrown by the handler')) : Promise.resolve();
      },
    });
    await eventually(() => {
      expect(calls).toBe(2);
      return Promise.resolve();
    });
  });

  it('ends the process of a stream service, which is told that it cannot go on', async () => {
    await append(RECORDS);
    const changelog = await newTopic({
      'cleanup.policy': 'compact',
      'message.timestamp.type': 'LogAppendTime',
    });
    const deadLetters = await newTopic();
    const fatal = await new Promise<StreamsError>((resolve, reject) => {
      started(() =>
        startStreamService({
          connection: portConnection(),
          definition: {
            applicationId: groupId,
            source: topic,
            changelog,
            deadLetters,
            outputs: [],
            stores: {},
            tickIntervalMs: 1_000,
            logicOf: () => ({
              process() {
                throw new TypeError('thrown by the logic');
              },
            }),
          },
          partitions: 1,
          timeouts: { ...TIMEOUTS, transactionTimeoutMs: 5_000 },
          logger: portConnection().logger,
          onFatal: resolve,
        }),
      ).catch(reject);
    });
    expect(fatal).toMatchObject({ code: 'FATAL', cause: expect.any(TypeError) });
  });

  it('is called again by a positioned consumer, whatever it throws', async () => {
    await append(RECORDS);
    const fatal: StreamsError[] = [];
    const applied: RecordBatch[] = [];
    let calls = 0;
    await positionedConsumer(
      (batch) => {
        calls += 1;
        if (calls === 1) return Promise.reject(new TypeError('thrown by the sink'));
        applied.push(batch);
        return Promise.resolve('applied');
      },
      (error) => fatal.push(error),
    );
    await eventually(() => {
      expect(applied.flatMap(({ records }) => records)).toHaveLength(RECORDS);
      return Promise.resolve();
    });
    expect(fatal).toEqual([]);
  });
});

describe('a handler that returns without having done its batch', () => {
  it('has by default committed the whole of it with kafkajs', async () => {
    await append(RECORDS);
    const consumer = await bareConsumer();
    const committed = new Promise((resolve) =>
      consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
        resolve(payload.topics);
      }),
    );
    await consumer.run({ eachBatch: () => Promise.resolve() });
    expect(await committed).toMatchObject([{ topic, partitions: [{ offset: String(RECORDS) }] }]);
  });

  it('is given it again through our port', async () => {
    await append(RECORDS);
    const fetched: Offset[] = [];
    await portMember({
      onBatch: ({ fetchedOffset }) => {
        fetched.push(fetchedOffset);
        return Promise.resolve(fetched.length === 1 ? 'dropped' : 'applied');
      },
    });
    await eventually(() => {
      expect(fetched).toEqual([0, 0]);
      return Promise.resolve();
    });
  });
});

describe('a group without offsets', () => {
  it('is by default never given by kafkajs what was there before it', async () => {
    await append(RECORDS);
    const offsets: string[] = [];
    const consumer = await connected(bareKafka().consumer({ groupId, maxWaitTimeInMs: 100 }));
    await consumer.subscribe({ topics: [topic] });
    const fetching = new Promise((resolve) => consumer.on(consumer.events.FETCH, resolve));
    await consumer.run({
      eachBatch: ({ batch }) => {
        offsets.push(...batch.messages.map(({ offset }) => offset));
        return Promise.resolve();
      },
    });
    await fetching;
    await append(1);
    await eventually(() => {
      expect(offsets).toEqual([String(RECORDS)]);
      return Promise.resolve();
    });
  });

  it('is given everything through our port', async () => {
    await append(RECORDS);
    const batch = await new Promise<RecordBatch>((resolve, reject) => {
      positionedConsumer((first) => {
        resolve(first);
        return Promise.resolve('applied');
      }, reject).catch(reject);
    });
    expect(batch.fetchedOffset).toBe(0);
    expect(batch.records).toHaveLength(RECORDS);
  });
});

describe('a batch of records as large as other clients write it', () => {
  const LARGE = 200_000;
  const EMPTY: Message = { key: null, value: null };

  beforeEach(async () => {
    topic = await newTopic({ 'max.message.bytes': '10000000' });
    const producer = await connected(bareKafka().producer());
    // Grouping so many would take the client minutes, so this group is made already.
    const messages = Array.from({ length: LARGE }, () => EMPTY);
    await producer.send({ topic, messages: Object.assign(messages, { reduce: () => ({ 0: messages }) }) });
  });

  it('stops kafkajs for good with a RangeError', async () => {
    let calls = 0;
    const consumer = await bareConsumer();
    const crash = lastCrashOf(consumer);
    await consumer.run({
      eachBatch: () => {
        calls += 1;
        return Promise.resolve();
      },
    });
    expect(await crash).toMatchObject({ error: { cause: expect.any(RangeError) } });
    expect(calls).toBe(0);
  });

  it('comes through our port as a whole', async () => {
    const batch = await new Promise<RecordBatch>((resolve, reject) => {
      positionedConsumer((first) => {
        resolve(first);
        return Promise.resolve('applied');
      }, reject).catch(reject);
    });
    expect(batch.records).toHaveLength(LARGE);
  });
});

describe('while a handler is busy', () => {
  it('kafkajs sends no heartbeat and lets nobody join the group', async () => {
    await append(RECORDS);
    const proxy = await startKafkaProxy({ brokers: sharedBrokers() });
    const busy = await bareConsumer(bareKafka({ socketFactory: proxy.socketFactory }));
    let release: () => void = () => undefined;
    const handled = new Promise<void>((resolve) => {
      release = resolve;
    });
    await new Promise<void>((resolve, reject) => {
      const eachBatch = () => {
        resolve();
        return handled;
      };
      busy.run({ eachBatch }).catch(reject);
    });
    const heartbeats = proxy.requests.get('Heartbeat');
    const other = await bareConsumer();
    let hasJoined = false;
    const joining = other.run({ eachBatch: () => Promise.resolve() }).then(() => {
      hasJoined = true;
    });
    await new Promise((later) => setTimeout(later, 10 * TIMEOUTS.heartbeatIntervalMs));
    const meanwhile = { heartbeats: proxy.requests.get('Heartbeat'), hasJoined };
    release();
    await joining;
    await proxy.close();
    expect(meanwhile).toEqual({ heartbeats, hasJoined: false });
  });

  it('our port goes on sending heartbeats', async () => {
    await append(RECORDS);
    let heartbeats = 0;
    await new Promise<void>((resolve, reject) => {
      portMember({
        onHeartbeat: () => {
          heartbeats += 1;
        },
        onBatch: async () => {
          const before = heartbeats;
          await eventually(() => {
            expect(heartbeats).toBeGreaterThan(before + 2);
            return Promise.resolve();
          }).then(resolve, reject);
          return 'applied';
        },
      }).catch(reject);
    });
  });
});

it('kafkajs has no event for partitions that are taken away', async () => {
  const names = Object.keys((await bareConsumer()).events);
  expect(names).toContain('REBALANCING');
  expect(names.filter((name) => /REVOKE|LOST/.test(name))).toEqual([]);
});

describe('a transaction at the end of a partition', () => {
  const transact = async (count: number) => {
    const producer = await connected(bareKafka().producer({ transactionalId: uniqueName('writer') }));
    const transaction = await producer.transaction();
    const messages = Array.from({ length: count }, (_, index) => ({ value: String(index), partition: 0 }));
    await transaction.send({ topic, messages });
    return transaction;
  };

  it('is not in what kafkajs calls the high watermark as long as it is open', async () => {
    const admin = await connected(bareKafka().admin());
    const highOf = async () => (await admin.fetchTopicOffsets(topic))[0]?.high;
    const transaction = await transact(3);
    expect(await highOf()).toBe('0');
    await transaction.commit();
    await eventually(async () => {
      expect(await highOf()).toBe('4');
    });
  });

  it('never reaches a handler of kafkajs when it was aborted', async () => {
    await (await transact(3)).abort();
    let calls = 0;
    const consumer = await bareConsumer();
    const processed = new Promise((resolve) => {
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
        resolve(payload);
      });
    });
    await consumer.run({
      autoCommit: false,
      eachBatch: () => {
        calls += 1;
        return Promise.resolve();
      },
    });
    expect(await processed).toMatchObject({ batchSize: 0, lastOffset: '3' });
    expect(calls).toBe(0);
  });

  it('is reported by our port as skipped when it was aborted', async () => {
    await (await transact(3)).abort();
    const skipped = await new Promise<Offset>((resolve, reject) => {
      portMember({
        onSkipped: (_partition, _first, next) => {
          resolve(next);
        },
      }).catch(reject);
    });
    expect(skipped).toBe(4);
  });

  it('ends a batch of kafkajs behind its last record, with the marker', async () => {
    await (await transact(3)).commit();
    const batch = await firstBareBatch();
    expect(batch.messages.at(-1)?.offset).toBe('2');
    expect(batch.lastOffset()).toBe('3');
  });
});

describe('values from kafkajs', () => {
  it('share the memory of the whole answer they came with', async () => {
    // Larger than what Node's own pool would share among copies.
    const value = Buffer.alloc(10_000);
    const producer = await connected(bareKafka().producer());
    await producer.send({ topic, messages: Array.from({ length: RECORDS }, () => ({ value })) });
    const { messages } = await firstBareBatch();
    const memory = new Set(messages.map((message) => message.value?.buffer));
    expect(messages).toHaveLength(RECORDS);
    expect(memory.size).toBe(1);
  });
});
