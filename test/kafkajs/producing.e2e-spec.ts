import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { offsetOf, topicPartitionKey, startPositionedConsumer, type RecordBatch } from '@reviews/streams';
import { fenceWithKafka } from '@reviews/streams/testing';
import type { ProducerConfig, Transaction } from 'kafkajs';
import {
  bareKafka,
  clientsPerTest,
  expectCommitted,
  newTopic,
  portConnection,
  sharedBrokers,
  uniqueName,
} from '../support/bare-kafka.js';
import { eventually } from '../support/eventually.js';
import { startKafkaProxy, type Fate, type FateOf, type KafkaProxy } from '../support/kafka-proxy.js';

const TRANSACTION_TIMEOUT_MS = 60_000;
const TIMEOUTS = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 10_000, heartbeatIntervalMs: 500 };
const connected = clientsPerTest();

let proxy: KafkaProxy;
let topic: string;
let transactionalId: string;

beforeEach(async () => {
  proxy = await startKafkaProxy({ brokers: sharedBrokers() });
  topic = await newTopic();
  transactionalId = uniqueName('writer');
});
afterEach(async () => {
  await proxy.close();
});

const bareProducer = (config: ProducerConfig = {}) =>
  connected(
    bareKafka({ socketFactory: proxy.socketFactory }).producer({
      transactionalId,
      maxInFlightRequests: 1,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
      ...config,
    }),
  );

const fence = () =>
  fenceWithKafka(
    portConnection({ socketFactory: proxy.socketFactory }),
    transactionalId,
    TRANSACTION_TIMEOUT_MS,
  );

const record = (value: string) => ({ key: null, value: Buffer.from(value) });
const send = (transaction: Transaction, value: string) =>
  transaction.send({ topic, messages: [{ value, partition: 0 }] });
const partition = () => ({ topic, partition: 0 });

/** The next request of an API meets this fate, all others pass. */
const once = (name: string, fate: Fate): FateOf => {
  let isMet = false;
  return ({ apiName }) => {
    if (isMet || apiName !== name) return 'pass';
    isMet = true;
    return fate;
  };
};
const always =
  (name: string, fate: Fate): FateOf =>
  ({ apiName }) =>
    apiName === name ? fate : 'pass';
const passAll: FateOf = () => 'pass';

describe('after an answer to a send was lost', () => {
  it('kafkajs commits the next transaction of an aborted producer and loses its records silently', async () => {
    const producer = await bareProducer({ retry: { retries: 10, initialRetryTime: 10, maxRetryTime: 50 } });
    const lost = await producer.transaction();
    proxy.fateOf = always('Produce', 'cut response');
    await expect(send(lost, 'aborted')).rejects.toThrow('Closed connection');
    proxy.fateOf = passAll;
    await lost.abort();

    const next = await producer.transaction();
    const [answer] = await send(next, 'committed');
    expect(answer?.errorCode).toBe(0);
    await next.commit();
    await expectCommitted(topic, []);
  });

  it('our port sends again within the transaction, and the record is there once', async () => {
    const writer = await fence();
    await writer.begin();
    proxy.fateOf = once('Produce', 'cut response');
    await writer.send(partition(), [record('first')]);
    await writer.send(partition(), [record('second')]);
    await writer.commit();
    await writer.discard();
    expect(proxy.cutResponses.get('Produce')).toBe(1);
    await expectCommitted(topic, ['first', 'second']);
  });

  it('our port, when sending again does not help, discards the writer, fences and loses nothing', async () => {
    const failing = await fence();
    await failing.begin();
    proxy.fateOf = always('Produce', 'cut response');
    await expect(failing.send(partition(), [record('aborted')])).rejects.toMatchObject({ code: 'TRANSIENT' });
    await failing.discard();

    proxy.fateOf = passAll;
    const successor = await fence();
    await successor.begin();
    await successor.send(partition(), [record('committed')]);
    await successor.commit();
    await successor.discard();
    await expectCommitted(topic, ['committed']);
  });
});

const OUTCOMES: readonly (readonly [Fate, string, readonly string[]])[] = [
  ['cut request', 'has not happened', []],
  ['cut response', 'has happened', ['first']],
];

describe.each(OUTCOMES)('after a commit failed (%s)', (fate, outcome, committed) => {
  it(`kafkajs cannot begin, abort or commit any more, and the commit ${outcome}`, async () => {
    const producer = await bareProducer();
    const transaction = await producer.transaction();
    await send(transaction, 'first');
    proxy.fateOf = always('EndTxn', fate);
    await expect(transaction.commit()).rejects.toThrow('Closed connection');
    proxy.fateOf = passAll;

    await expect(transaction.commit()).rejects.toThrow('Cannot continue to use transaction once ended');
    await expect(transaction.abort()).rejects.toThrow('Cannot continue to use transaction once ended');
    await expect(producer.transaction()).rejects.toThrow(
      'Cannot call "beginTransaction" in state "COMMITTING"',
    );
    await expectCommitted(topic, committed);
  });

  it(`our port fences and goes on, and the commit ${outcome}`, async () => {
    const failing = await fence();
    await failing.begin();
    await failing.send(partition(), [record('first')]);
    proxy.fateOf = always('EndTxn', fate);
    await expect(failing.commit()).rejects.toMatchObject({ code: 'TRANSIENT' });
    proxy.fateOf = passAll;
    await failing.discard();

    const successor = await fence();
    await successor.begin();
    await successor.send(partition(), [record('second')]);
    await successor.commit();
    await successor.discard();
    await expectCommitted(topic, [...committed, 'second']);
  });
});

describe('offsets sent to a group by a producer that is not a member of it', () => {
  const END = 3;
  let groupId: string;

  const appendRecords = async () => {
    const producer = await connected(bareKafka().producer());
    await producer.send({
      topic,
      messages: Array.from({ length: END }, (_, index) => ({ value: String(index) })),
    });
  };
  const sendOffsetsAsStranger = async () => {
    const producer = await bareProducer();
    const transaction = await producer.transaction();
    await send(transaction, 'by a stranger');
    await transaction.sendOffsets({
      consumerGroupId: groupId,
      topics: [{ topic, partitions: [{ partition: 0, offset: String(END) }] }],
    });
    await transaction.commit();
  };
  const groupOffset = async () => {
    const admin = await connected(bareKafka().admin());
    const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
    return answer?.partitions[0]?.offset;
  };

  beforeEach(async () => {
    groupId = uniqueName('group');
    await appendRecords();
  });

  it('kafkajs has accepted, although a living member owns the partition', async () => {
    const member = await connected(bareKafka().consumer({ groupId, maxWaitTimeInMs: 100 }));
    await member.subscribe({ topics: [topic], fromBeginning: true });
    const joined = new Promise((resolve) => member.on(member.events.GROUP_JOIN, resolve));
    await member.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
    await joined;

    await sendOffsetsAsStranger();
    await eventually(async () => {
      expect(await groupOffset()).toBe(String(END));
    });
  });

  it('our port does not follow: it reads on from where its sink says', async () => {
    await sendOffsetsAsStranger();
    const batches: RecordBatch[] = [];
    const consumer = await startPositionedConsumer({
      connection: portConnection(),
      groupId,
      topics: [topic],
      sink: {
        positionsOf: () => Promise.resolve(new Map([[topicPartitionKey(partition()), offsetOf(1)]])),
        apply: (batch) => {
          batches.push(batch);
          return Promise.resolve('applied');
        },
      },
      timeouts: TIMEOUTS,
      logger: portConnection().logger,
      onFatal: (error) => {
        throw error;
      },
    });
    await eventually(() => {
      expect(batches.length).toBeGreaterThan(0);
      return Promise.resolve();
    });
    await consumer.stop();
    expect(batches[0]?.fetchedOffset).toBe(1);
  });
});

describe('the retries of kafkajs', () => {
  it('of InitProducerId heed no setting: with none allowed, an open transaction is fenced by several', async () => {
    const zombie = await bareProducer();
    await send(await zombie.transaction(), 'open');
    const before = proxy.requests.get('InitProducerId') ?? 0;
    const kafka = bareKafka({ socketFactory: proxy.socketFactory, retry: { retries: 0 } });
    const successor = await connected(kafka.producer({ transactionalId, retry: { retries: 0 } }));
    await successor.transaction();
    expect(proxy.requests.get('InitProducerId')).toBeGreaterThan(before + 1);
  });

  it('of an idempotent producer run out by default, and what was sent may be there all the same', async () => {
    const kafka = bareKafka({ socketFactory: proxy.socketFactory });
    const producer = await connected(
      kafka.producer({ idempotent: true, retry: { initialRetryTime: 1, maxRetryTime: 1 } }),
    );
    proxy.fateOf = always('Produce', 'cut response');
    await expect(producer.send({ topic, messages: [{ value: 'unknown' }] })).rejects.toMatchObject({
      name: 'KafkaJSNumberOfRetriesExceeded',
    });
    proxy.fateOf = passAll;
    await expectCommitted(topic, ['unknown']);
  });
});

describe('the cost of one send of many records', () => {
  const MANY = 2_000;

  /** How many elements of arrays are gone through meanwhile. */
  const copiedBy = async (work: () => Promise<unknown>): Promise<number> => {
    const iterator = Reflect.get(Array.prototype, Symbol.iterator);
    let copied = 0;
    Array.prototype[Symbol.iterator] = function (this: unknown[]) {
      copied += this.length;
      return iterator.call(this);
    };
    try {
      await work();
    } finally {
      Array.prototype[Symbol.iterator] = iterator;
    }
    return copied;
  };

  it('grows with the square of their number in kafkajs: each is added to a copy of those before it', async () => {
    const producer = await connected(bareKafka().producer());
    const messages = Array.from({ length: MANY }, (_, index) => ({ value: String(index), partition: 0 }));
    expect(await copiedBy(() => producer.send({ topic, messages }))).toBeGreaterThan((MANY * (MANY - 1)) / 2);
  });

  it('stays small through our port, which sends a few at a time', async () => {
    const writer = await fence();
    await writer.begin();
    const records = Array.from({ length: MANY }, (_, index) => record(String(index)));
    expect(await copiedBy(() => writer.send(partition(), records))).toBeLessThan((MANY * MANY) / 8);
    await writer.commit();
    await writer.discard();
  });
});
