import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  jsonCodec,
  kafkaLogAdmin,
  requiredTopicsOf,
  startStreamService,
  type LogAdmin,
  type ServiceDefinition,
  type StreamService,
  type StreamsError,
} from '@reviews/streams';
import type { Admin, Producer } from 'kafkajs';
import { bareKafka, portConnection } from '../support/bare-kafka.js';
import { eventually } from '../support/eventually.js';

const stores = { counts: { name: 'counts', codec: jsonCodec<number>() } };
const timeouts = {
  heartbeatIntervalMs: 500,
  transactionTimeoutMs: 3_000,
  sessionTimeoutMs: 6_000,
  rebalanceTimeoutMs: 6_000,
};

describe('a task stops its process, and says why,', () => {
  const connection = portConnection({ clientId: 'lost-data' });
  let admin: LogAdmin;
  let bare: Admin;
  let producer: Producer;
  let definition: ServiceDefinition<typeof stores>;
  let service: StreamService | undefined;
  let fatal: StreamsError | undefined;

  beforeAll(async () => {
    admin = kafkaLogAdmin(connection);
    bare = bareKafka().admin();
    producer = bareKafka().producer();
    await Promise.all([bare.connect(), producer.connect()]);
  });
  afterAll(async () => {
    await Promise.all([bare.disconnect(), producer.disconnect(), admin.close()]);
  });

  beforeEach(async () => {
    fatal = undefined;
    const prefix = `lost-data-${randomUUID()}-`;
    definition = {
      applicationId: `${prefix}service`,
      source: `${prefix}source`,
      changelog: `${prefix}changelog`,
      deadLetters: `${prefix}dead-letters`,
      outputs: [`${prefix}output`],
      stores,
      logicOf: () => ({
        process(records, context) {
          for (const { value } of records) {
            const word = String(value);
            context.put('counts', word, (context.get('counts', word) ?? 0) + 1);
            context.emit(`${prefix}output`, { key: null, value });
          }
        },
      }),
    };
    await makeTopics();
    await append('a', 'b', 'c');
    await start();
    await eventually(async () => {
      expect(service?.tasks()[0]?.sourceNext).toBe(3);
      await Promise.resolve();
    });
    await stop();
  });
  afterEach(() => stop());

  const makeTopics = () =>
    admin.ensureTopics(requiredTopicsOf(definition), { partitions: 1, replicationFactor: 1 });
  const append = async (...words: readonly string[]): Promise<void> => {
    await producer.send({ topic: definition.source, messages: words.map((value) => ({ value })) });
  };
  const start = async (): Promise<void> => {
    const onFatal = (error: StreamsError): void => {
      fatal = error;
    };
    service = await startStreamService({ connection, definition, partitions: 1, timeouts, onFatal });
  };
  const stop = async (): Promise<void> => {
    await service?.stop();
    service = undefined;
  };
  const isFatal = (code: string, message: string): Promise<void> =>
    eventually(async () => {
      expect(fatal).toMatchObject({ code, message });
      await Promise.resolve();
    });

  it('when records it has not read are gone from its source', async () => {
    await append('d', 'e', 'f');
    await bare.fetchTopicMetadata({ topics: [definition.source] });
    await bare.deleteTopicRecords({ topic: definition.source, partitions: [{ partition: 0, offset: '5' }] });
    await start();
    await isFatal('SOURCE_TRUNCATED', `${definition.source}/0 holds offsets 5 to 6, but 3 is next`);
  });

  it('when its source was made anew, and is shorter than what was read', async () => {
    await bare.deleteTopics({ topics: [definition.source] });
    await eventually(makeTopics);
    await start();
    await isFatal('SOURCE_TRUNCATED', `${definition.source}/0 holds offsets 0 to 0, but 3 is next`);
  });

  it('when its changelog was made anew', async () => {
    await bare.deleteTopics({ topics: [definition.changelog] });
    await eventually(makeTopics);
    await start();
    await isFatal(
      'SOURCE_TRUNCATED',
      `${definition.changelog}/0 holds no position, but ${String(definition.outputs[0])}/0 has records: the changelog was lost`,
    );
  });
});
