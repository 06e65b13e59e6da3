import { randomBytes } from 'node:crypto';
import { afterEach, expect } from '@jest/globals';
import type { KafkaConnection } from '@reviews/streams';
import kafkajs, { type Kafka, type KafkaConfig, type KafkaMessage } from 'kafkajs';
import { eventually } from './eventually.js';
import { sharedInfrastructure } from './launched-stack.js';

/** `host:port` of the Kafka all suites share. */
export const sharedBrokers = (): readonly string[] =>
  (sharedInfrastructure()['KAFKA_BROKERS'] ?? '').split(',');

/** The client as it comes, with nothing of ours around it. */
export const bareKafka = (config: Partial<KafkaConfig> = {}): Kafka =>
  new kafkajs.Kafka({
    clientId: 'bare',
    brokers: [...sharedBrokers()],
    logLevel: kafkajs.logLevel.NOTHING,
    ...config,
  });

/** The same Kafka for our port. */
export const portConnection = (settings: Partial<KafkaConnection> = {}): KafkaConnection => ({
  clientId: 'port',
  brokers: sharedBrokers(),
  logger: {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  },
  ...settings,
});

/** A name nobody else has. */
export const uniqueName = (what: string): string => `kafkajs-${what}-${randomBytes(6).toString('hex')}`;

/** Makes a topic of one partition and returns its name. */
export const newTopic = async (config: Readonly<Record<string, string>> = {}): Promise<string> => {
  const topic = uniqueName('topic');
  const admin = bareKafka().admin();
  await admin.connect();
  await admin.createTopics({
    // The client gives up when a busy broker has not heard of its new topic yet.
    waitForLeaders: false,
    topics: [
      {
        topic,
        numPartitions: 1,
        configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
      },
    ],
  });
  await eventually(() => admin.fetchTopicOffsets(topic));
  await admin.disconnect();
  return topic;
};

interface Client {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

/** Connects clients for one test each: whatever is still open after a test is disconnected. */
export const clientsPerTest = (): (<C extends Client>(client: C) => Promise<C>) => {
  let opened: Client[] = [];
  afterEach(async () => {
    const closing = opened;
    opened = [];
    // Some tests break their client for good.
    await Promise.allSettled(closing.map((client) => client.disconnect()));
  });
  return async (client) => {
    opened.push(client);
    await client.connect();
    return client;
  };
};

/**
 * Waits until these are the committed texts in the only partition of a topic: a broker answers the end of a transaction
 * before it has written its markers.
 */
export const expectCommitted = (topic: string, values: readonly string[]): Promise<void> =>
  eventually(async () => {
    expect(await committedValues(topic)).toEqual(values);
  });

/** Texts of the values in the only partition of a topic that are committed by now. */
export const committedValues = async (topic: string): Promise<readonly string[]> =>
  (await committedMessages(topic)).map(({ value }) => String(value));

/** What a reader of committed records is given by now. */
const committedMessages = async (topic: string): Promise<readonly KafkaMessage[]> => {
  const kafka = bareKafka();
  const admin = kafka.admin();
  await admin.connect();
  const [offsets] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const end = Number(offsets?.high);
  return end === 0 ? [] : readUntil(kafka, topic, end);
};

const readUntil = async (kafka: Kafka, topic: string, end: number): Promise<readonly KafkaMessage[]> => {
  const consumer = kafka.consumer({ groupId: uniqueName('reader'), maxWaitTimeInMs: 100 });
  const messages: KafkaMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    // Batches of nothing but control records show here only.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      if (Number(payload.lastOffset) + 1 >= end) resolve();
    });
    consumer
      .run({
        autoCommit: false,
        eachBatch: ({ batch }) => {
          messages.push(...batch.messages);
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return messages;
};
