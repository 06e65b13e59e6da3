import kafkajs, { type Admin } from 'kafkajs';
import type { LogAdmin, PartitionOffsets, RequiredTopic } from '../admin.js';
import { parseOffset } from '../offset.js';
import { StreamsError } from '../streams-error.js';
import { toStreamsError } from './classify-error.js';
import { kafkaOf, type KafkaConnection } from './connection.js';

const CREATE_ATTEMPTS = 10;
const CREATE_RETRY_MS = 300;

/** Administration through the client's admin. Connects at the first call, and again after a failure. */
export const kafkaLogAdmin = (connection: KafkaConnection): LogAdmin => {
  const kafka = kafkaOf({ requestTimeoutMs: 5_000, ...connection });
  let current: Promise<Admin> | undefined;

  const connectAdmin = async (): Promise<Admin> => {
    const admin = kafka.admin({ retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 } });
    await admin.connect();
    return admin;
  };

  const withAdmin = async <T>(doing: string, work: (admin: Admin) => Promise<T>): Promise<T> => {
    const used = (current ??= connectAdmin());
    try {
      return await work(await used);
    } catch (error) {
      if (current === used) current = undefined;
      void release(used);
      throw isMissingAnswer(error)
        ? new StreamsError('TRANSIENT', `${doing}: no broker answered`, { cause: error })
        : toStreamsError(error, doing);
    }
  };

  const verify = async (topics: readonly RequiredTopic[], partitions: number): Promise<void> => {
    await withAdmin('Verify topics', async (admin) => {
      await verifyPartitions(admin, topics, partitions);
      await verifyConfig(admin, topics);
    });
  };

  return {
    async ensureTopics(topics, { partitions, replicationFactor }) {
      await withAdmin('Create topics', async (admin) => {
        const existing = new Set(await admin.listTopics());
        const missing = topics.filter(({ name }) => !existing.has(name));
        if (missing.length === 0) return;
        await createTopics(admin, missing, partitions, replicationFactor);
      });
      await verify(topics, partitions);
    },
    verifyTopics: (topics, { partitions }) => verify(topics, partitions),
    offsetsOf: (topic) =>
      withAdmin(`Read offsets of ${topic}`, async (admin) => {
        const offsets = await admin.fetchTopicOffsets(topic);
        return offsets
          .map(({ partition, low, high }): PartitionOffsets => ({
            partition,
            low: parseOffset(low),
            high: parseOffset(high),
          }))
          .sort((a, b) => a.partition - b.partition);
      }),
    groupOffsets: (groupId, topic) =>
      withAdmin(`Read offsets of group ${groupId}`, async (admin) => {
        const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
        return new Map(answer?.partitions.map(({ partition, offset }) => [partition, Number(offset)]) ?? []);
      }),
    async ping() {
      await withAdmin('Describe cluster', (admin) => admin.describeCluster());
    },
    async close() {
      const used = current;
      current = undefined;
      if (used !== undefined) await release(used);
    },
  };
};

/** When no broker answers, the client hands out null where its caller expects an answer, and falls over it. */
const isMissingAnswer = (error: unknown): boolean =>
  error instanceof TypeError && error.message.includes('null');

// An admin that never connected, or that fails to say goodbye, has nothing left to give back.
const release = (admin: Promise<Admin>): Promise<void> =>
  admin.then((connected) => connected.disconnect()).catch(() => undefined);

// Right after a broker's start the controller may answer "unknown topic" although it makes the topics. And an attempt that
// finds them made by the one before it, whose answer was lost, does not wait until all brokers know them.
const createTopics = async (
  admin: Admin,
  topics: readonly RequiredTopic[],
  partitions: number,
  replicationFactor: number,
): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.createTopics({
        waitForLeaders: true,
        topics: topics.map(({ name, config, creationConfig }) => ({
          topic: name,
          numPartitions: partitions,
          replicationFactor,
          configEntries: Object.entries({ ...creationConfig, ...config }).map(([key, value]) => ({
            name: key,
            value,
          })),
        })),
      });
      const existing = new Set(await admin.listTopics());
      const missing = topics.find(({ name }) => !existing.has(name));
      if (missing === undefined) return;
      throw new StreamsError('TRANSIENT', `Topic ${missing.name} was made, but no broker lists it`);
    } catch (error) {
      if (attempt === CREATE_ATTEMPTS) throw error;
      await new Promise((later) => setTimeout(later, CREATE_RETRY_MS));
    }
  }
};

const verifyPartitions = async (
  admin: Admin,
  topics: readonly RequiredTopic[],
  partitions: number,
): Promise<void> => {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter(({ name }) => !existing.has(name)).map(({ name }) => name);
  if (missing.length > 0)
    throw new StreamsError('TOPOLOGY_MISMATCH', `Topics are missing: ${missing.join(', ')}`);
  const metadata = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
  for (const topic of metadata.topics)
    if (topic.partitions.length !== partitions)
      throw new StreamsError(
        'TOPOLOGY_MISMATCH',
        `Topic ${topic.name} has ${topic.partitions.length} partitions, ${partitions} were asked for; the number is fixed for life`,
      );
};

const verifyConfig = async (admin: Admin, topics: readonly RequiredTopic[]): Promise<void> => {
  const described = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name, config }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: Object.keys(config),
    })),
  });
  const actual = new Map(
    described.resources.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );
  for (const { name, config } of topics)
    for (const [key, value] of Object.entries(config)) {
      const found = actual.get(name)?.get(key);
      if (found !== value)
        throw new StreamsError(
          'TOPOLOGY_MISMATCH',
          `Topic ${name} has ${key}=${found ?? 'unset'}, ${value} is needed`,
        );
    }
};
