import { beforeEach, describe, expect, it } from '@jest/globals';
import { offsetOf, type KafkaConnection } from '@reviews/streams';
import { fenceWithKafka } from '@reviews/streams/testing';
import type { Transaction } from 'kafkajs';
import {
  bareKafka,
  clientsPerTest,
  committedValues,
  newTopic,
  portConnection,
  sharedBrokers,
  uniqueName,
} from '../support/bare-kafka.js';
import { startKafkaProxy } from '../support/kafka-proxy.js';

const LIMIT_MS = 300_000;
const TRANSACTION_TIMEOUT_MS = 60_000;
const CONCURRENT_TRANSACTIONS = 51;
const RECORDS_PER_TRANSACTION = 5;
const connected = clientsPerTest();

let topic: string;
let groupId: string;

beforeEach(async () => {
  topic = await newTopic();
  groupId = uniqueName('group');
});

const numbersTo = (end: number): readonly number[] => Array.from({ length: end }, (_, index) => index);

const report = (line: string): void => {
  process.stdout.write(`    ${line}\n`);
};

const newBareWriter = () =>
  connected(
    bareKafka().producer({
      transactionalId: uniqueName('writer'),
      maxInFlightRequests: 1,
      retry: { initialRetryTime: 10, retries: 20 },
    }),
  );

const fence = (transactionalId: string, { socketFactory }: Pick<KafkaConnection, 'socketFactory'> = {}) =>
  fenceWithKafka(
    portConnection(socketFactory === undefined ? {} : { socketFactory }),
    transactionalId,
    TRANSACTION_TIMEOUT_MS,
  );

const sendOffset = (transaction: Transaction, next: number) =>
  transaction.sendOffsets({
    consumerGroupId: groupId,
    topics: [{ topic, partitions: [{ partition: 0, offset: String(next) }] }],
  });

/** How many of the values a reader of committed records is given belong to which outcome. */
const readOutcomes = async () => {
  const values = await committedValues(topic);
  const count = (outcome: string) => values.filter((value) => value === outcome).length;
  return { committed: count('committed'), aborted: count('aborted') };
};

describe('aborted records', () => {
  it(
    'leak through kafkajs when several transactional writers interleave in one partition',
    async () => {
      const [writers, transactions] = [4, 150];
      const written = { committed: 0, aborted: 0 };
      const write = async () => {
        const producer = await newBareWriter();
        for (const number of numbersTo(transactions)) {
          const outcome = number % 10 < 3 ? 'aborted' : 'committed';
          const transaction = await producer.transaction();
          for (let record = 0; record < RECORDS_PER_TRANSACTION; record++)
            await transaction.send({ topic, messages: [{ value: outcome, partition: 0 }] });
          await (outcome === 'aborted' ? transaction.abort() : transaction.commit());
          written[outcome] += RECORDS_PER_TRANSACTION;
        }
      };
      await Promise.all(numbersTo(writers).map(write));
      const read = await readOutcomes();
      report(`${writers} writers: ${read.aborted} of ${written.aborted} aborted records were read`);
      expect(read.committed).toBe(written.committed);
      expect(read.aborted).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it(
    'never leak where one writer of our port and its fenced successors are the only ones',
    async () => {
      const [generations, transactions] = [150, 4];
      const transactionalId = uniqueName('writer');
      const value = (outcome: string) => ({ key: null, value: Buffer.from(outcome) });
      const written = { committed: 0, aborted: 0 };
      for (let generation = 0; generation < generations; generation++) {
        const writer = await fence(transactionalId);
        for (const transaction of numbersTo(transactions)) {
          const outcome = transaction === transactions - 1 ? 'aborted' : 'committed';
          await writer.begin();
          await writer.send(
            { topic, partition: 0 },
            numbersTo(RECORDS_PER_TRANSACTION).map(() => value(outcome)),
          );
          written[outcome] += RECORDS_PER_TRANSACTION;
          // The last one stays open: the successor's fencing aborts it.
          if (outcome === 'committed') await writer.commit();
        }
        await writer.discard();
      }
      const successor = await fence(transactionalId);
      const read = await readOutcomes();
      await successor.discard();
      report(`1 writer at a time: ${read.aborted} of ${written.aborted} aborted records were read`);
      expect(read).toEqual({ committed: written.committed, aborted: 0 });
    },
    LIMIT_MS,
  );
});

describe('offsets of a group', () => {
  it(
    'are sometimes those before a transaction that kafkajs has committed',
    async () => {
      const rounds = 1_500;
      const admin = await connected(bareKafka().admin());
      const producer = await newBareWriter();
      let stale = 0;
      for (const round of numbersTo(rounds)) {
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ value: String(round), partition: 0 }] });
        await sendOffset(transaction, round + 1);
        await transaction.commit();
        const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
        if (answer?.partitions[0]?.offset !== String(round + 1)) stale += 1;
      }
      report(`${stale} of ${rounds} group offsets were stale after the commit`);
      expect(stale).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});

describe('sending offsets as the first act of a transaction', () => {
  const rounds = 300;

  it(
    'is sometimes refused to kafkajs as concurrent with the transaction before',
    async () => {
      const producer = await newBareWriter();
      let refused = 0;
      for (const round of numbersTo(rounds)) {
        const transaction = await producer.transaction();
        try {
          await sendOffset(transaction, round);
          await transaction.commit();
        } catch (error) {
          expect(error).toMatchObject({ code: CONCURRENT_TRANSACTIONS });
          refused += 1;
          await transaction.abort();
        }
      }
      report(`${refused} of ${rounds} were refused`);
      expect(refused).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it(
    'succeeds through our port, which tries again',
    async () => {
      const proxy = await startKafkaProxy({ brokers: sharedBrokers() });
      const writer = await fence(uniqueName('writer'), proxy);
      for (const round of numbersTo(rounds)) {
        await writer.begin();
        await writer.sendOffset(groupId, { topic, partition: 0 }, offsetOf(round));
        await writer.commit();
      }
      await writer.discard();
      await proxy.close();
      report(`${proxy.requests.get('AddOffsetsToTxn') ?? 0} tries for ${rounds} that all succeeded`);
    },
    LIMIT_MS,
  );
});
