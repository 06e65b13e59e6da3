import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Module, type INestMicroservice, type NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { streamTransport, StreamHandler } from '@reviews/platform';
import {
  jsonCodec,
  kafkaLogAdmin,
  requiredTopicsOf,
  StreamsError,
  type KafkaConnection,
  type StreamRecord,
  type StreamService,
  type TaskState,
  type TransactionContext,
} from '@reviews/streams';
import kafkajs from 'kafkajs';
import { pino } from 'pino';
import { eventually } from '../support/eventually.js';

const PARTITIONS = 2;

// Patterns are said in decorators, so the random prefix is, too.
const prefix = `nest-${randomBytes(4).toString('hex')}-`;
const [source, counted] = [`${prefix}words`, `${prefix}word-counts`];
const stores = { counts: { name: 'counts', codec: jsonCodec<number>() } };
type Context = TransactionContext<typeof stores>;

@Controller()
class WordsController {
  @StreamHandler(source)
  count(records: readonly StreamRecord[], context: Context): void {
    for (const { value, offset } of records) {
      const word = String(value);
      if (word === 'impossible') throw new StreamsError('IMPOSSIBLE_RECORD', `${source}: ${offset}`);
      const count = (context.get('counts', word) ?? 0) + 1;
      context.put('counts', word, count);
      context.emit(counted, { key: Buffer.from(word), value: Buffer.from(String(count)) });
    }
  }
}

@Module({ controllers: [WordsController] })
class WordCountModule {}

const definition = {
  applicationId: `${prefix}word-count`,
  source,
  changelog: `${prefix}word-count-changelog`,
  deadLetters: `${prefix}word-count-dead-letters`,
  outputs: [counted],
  stores,
};

let connection: KafkaConnection;
let kafka: kafkajs.Kafka;
let failures: StreamsError[];

const start = async (): Promise<INestMicroservice> => {
  const silent: Pick<NestApplicationOptions, 'logger'> = { logger: false };
  const options: AsyncMicroserviceOptions & typeof silent = {
    ...silent,
    ...streamTransport({
      connection,
      definition,
      partitions: PARTITIONS,
      onFatal: (error) => failures.push(error),
    }),
  };
  const app = await NestFactory.createMicroservice(WordCountModule, options);
  await app.listen();
  return app;
};

const statesOf = (app: INestMicroservice): TaskState[] =>
  app
    .unwrap<StreamService>()
    .tasks()
    .map(({ state }) => state);

const write = async (partition: number, ...words: string[]): Promise<void> => {
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic: source, messages: words.map((value) => ({ value, partition })) });
  await producer.disconnect();
};

/** What committed outputs say, in the order of each partition. */
const countsIn = async (partition: number, atLeast: number): Promise<string[]> => {
  // To disconnect, it waits for the fetch that is under way.
  const consumer = kafka.consumer({
    groupId: `${prefix}${randomBytes(4).toString('hex')}`,
    maxWaitTimeInMs: 100,
  });
  const counts: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: counted, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ partition: from, message }) => {
      if (from === partition) counts.push(`${String(message.key)} ${String(message.value)}`);
      return Promise.resolve();
    },
  });
  try {
    await eventually(() =>
      counts.length < atLeast ? Promise.reject(new Error(`only ${counts.length}`)) : Promise.resolve(),
    );
  } finally {
    await consumer.disconnect();
  }
  return counts;
};

beforeAll(() => {
  const brokers = (process.env.TEST_KAFKA_BROKERS ?? '').split(',');
  connection = { clientId: prefix, brokers, logger: pino({ level: 'silent' }) };
  kafka = new kafkajs.Kafka({ clientId: `${prefix}test`, brokers, logLevel: kafkajs.logLevel.NOTHING });
});
beforeEach(() => {
  failures = [];
});

describe('a stream service under Nest', () => {
  it('does not start while its topics are missing', async () => {
    await expect(start()).rejects.toMatchObject({ code: 'TOPOLOGY_MISMATCH' });
  });

  describe('on its topics', () => {
    beforeAll(async () => {
      const admin = kafkaLogAdmin(connection);
      const shape = { partitions: PARTITIONS, replicationFactor: 1 };
      await admin.ensureTopics(requiredTopicsOf(definition), shape);
      await admin.close();
    });
    afterAll(async () => {
      const admin = kafka.admin();
      await admin.connect();
      await admin.deleteTopics({ topics: requiredTopicsOf(definition).map(({ name }) => name) });
      await admin.disconnect();
    });

    it('goes on from what it had committed when the application was closed', async () => {
      const first = await start();
      await write(0, 'a', 'b', 'a');
      await write(1, 'a');
      expect(await countsIn(0, 3)).toEqual(['a 1', 'b 1', 'a 2']);
      await first.close();
      await write(0, 'a');
      const second = await start();
      expect(await countsIn(0, 4)).toEqual(['a 1', 'b 1', 'a 2', 'a 3']);
      expect(await countsIn(1, 1)).toEqual(['a 1']);
      await second.close();
      expect(failures).toEqual([]);
    });

    it('quarantines the task whose handler meets an impossible record, and runs the others', async () => {
      const app = await start();
      await write(0, 'impossible');
      await eventually(() => {
        expect(statesOf(app).sort()).toEqual(['quarantined', 'running']);
        return Promise.resolve();
      });
      await write(1, 'a');
      expect(await countsIn(1, 2)).toEqual(['a 1', 'a 2']);
      await app.close();
      expect(failures).toEqual([]);
    });
  });
});
