import { kafkaLogAdmin } from '@reviews/streams';
import { kafkaTaskLog, startGroupConsumer } from '@reviews/streams/testing';
import type { Cut, TaskLogWorld } from '@reviews/streams/contract';
import { bareKafka, portConnection, sharedBrokers, uniqueName } from '../support/bare-kafka.js';
import { eventually } from '../support/eventually.js';
import { startKafkaProxy, type Fate } from '../support/kafka-proxy.js';
import { readToEnd } from '../support/topic-records.js';

const TIMEOUTS = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 10_000, heartbeatIntervalMs: 500 };
const TRANSACTION_TIMEOUT_MS = 10_000;
const PATIENCE_MS = 30_000;

/** Real Kafka behind our adapters, and a proxy that cuts what a test wants cut. */
export const kafkaWorld = async (): Promise<TaskLogWorld> => {
  const proxy = await startKafkaProxy({ brokers: sharedBrokers() });
  const cuts = new Map<string, Cut>();
  proxy.fateOf = ({ apiName }): Fate => {
    const fate = cuts.get(apiName) ?? 'pass';
    cuts.delete(apiName);
    return fate;
  };
  const bare = bareKafka();
  const producer = bare.producer();
  const bareAdmin = bare.admin();
  await Promise.all([producer.connect(), bareAdmin.connect()]);
  const admin = kafkaLogAdmin(portConnection());
  const proxied = portConnection({ socketFactory: proxy.socketFactory });

  return {
    log: kafkaTaskLog(proxied, admin, TRANSACTION_TIMEOUT_MS),
    async newTopics(count, partitions) {
      const topics = Array.from({ length: count }, () => uniqueName('contract'));
      await bareAdmin.createTopics({
        waitForLeaders: false,
        topics: topics.map((topic) => ({
          topic,
          numPartitions: partitions,
          configEntries: [{ name: 'message.timestamp.type', value: 'LogAppendTime' }],
        })),
      });
      for (const topic of topics) await eventually(() => bareAdmin.fetchTopicOffsets(topic));
      return topics;
    },
    newName: () => uniqueName('contract'),
    async append({ topic, partition }, ...values) {
      await producer.send({ topic, messages: values.map((value) => ({ value, partition })) });
    },
    async committed(topic) {
      const records = await readToEnd(sharedBrokers().join(), topic);
      return records.map(({ message }) => String(message.value));
    },
    async groupOffset(groupId, { topic, partition }) {
      const offset = (await admin.groupOffsets(groupId, topic)).get(partition);
      return offset === undefined || offset < 0 ? undefined : offset;
    },
    async join(groupId, topics, _partitions, handlersOf) {
      const options = { groupId, topics, timeouts: TIMEOUTS };
      await startGroupConsumer({ ...options, connection: portConnection() }, handlersOf);
    },
    cutNext(kind, cut) {
      cuts.set(kind, cut);
    },
    eventually: (check) =>
      eventually(async () => {
        await check();
      }, PATIENCE_MS),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    async close() {
      await Promise.all([producer.disconnect(), bareAdmin.disconnect(), admin.close()]);
      await proxy.close();
    },
  };
};
