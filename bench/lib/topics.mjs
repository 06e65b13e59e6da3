/** Topics of an installation with a prefix of its own, made as `reviews setup` makes them, and what is in them. */
import { Buffer } from 'node:buffer';
import kafkajs from 'kafkajs';
import { makeTopics, registerSchemas } from '../../dist/cli/src/setup/make-ready.js';
import {
  changelogTopic,
  confluentAvro,
  parseCourseStatisticsRecord,
  schemaOf,
  schemaRegistryAt,
  topicName,
} from '../../dist/libs/contracts/src/index.js';
import { kafkaLogAdmin, openRecordReader } from '../../dist/libs/streams/src/index.js';
import { courseNumberOf } from '../workloads/ids.mjs';
import { until } from './child-process.mjs';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

const connectionTo = ({ KAFKA_BROKERS }) => ({ clientId: 'bench', brokers: [KAFKA_BROKERS], logger: silent });

const withAdmin = async (addresses, work) => {
  const admin = kafkaLogAdmin(connectionTo(addresses));
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
};

/** Topics and schemas; tables are for who needs them. */
export const setUpTopics = (addresses, prefix, partitions) =>
  withAdmin(addresses, async (admin) => {
    await makeTopics(admin, prefix, { partitions, replicationFactor: 1 });
    await registerSchemas(schemaRegistryAt(addresses.SCHEMA_REGISTRY_URL), prefix);
  });

const withClient = async (addresses, work) => {
  const kafka = new kafkajs.Kafka({
    brokers: [addresses.KAFKA_BROKERS],
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
};

/** Removes topics and waits until they are gone. Names that do not exist are left out. */
export const deleteTopics = (addresses, isDeleted) =>
  withClient(addresses, async (admin) => {
    const doomed = (await admin.listTopics()).filter(isDeleted);
    if (doomed.length === 0) return;
    await admin.deleteTopics({ topics: doomed });
    await until(
      async () => !(await admin.listTopics()).some((name) => doomed.includes(name)),
      `topics are still there: ${doomed.join(', ')}`,
    );
  });

/** What the aggregator writes, its changelog included: without them it starts from nothing. */
const aggregatorTopics = (prefix) => [
  ...['long-term-stats', 'recent-stats', 'aggregator-progress'].map((topic) => topicName(prefix, topic)),
  changelogTopic(prefix, 'aggregator'),
];

/** Deletes what the aggregator wrote and makes it anew, so that the next run reads the same source into empty topics. */
export const forgetStatistics = async (addresses, prefix, partitions) => {
  const doomed = aggregatorTopics(prefix);
  await deleteTopics(addresses, (name) => doomed.includes(name));
  await setUpTopics(addresses, prefix, partitions);
};

/** Ends of a topic's partitions, in their order. */
export const endsOf = (addresses, topic) =>
  withAdmin(addresses, async (admin) => (await admin.offsetsOf(topic)).map(({ high }) => high));

/** Right after a topic was made, its leader may not know yet that it leads; it does once it has told the ends. */
export const untilLed = (addresses, topic) =>
  until(
    () =>
      endsOf(addresses, topic).then(
        () => true,
        () => false,
      ),
    `${topic} has no leader`,
  );

/**
 * Reads a topic as committed, to its end.
 *
 * @param onRecord gets each record with its partition
 * @param from offsets to begin at, by partition; default: the beginning
 */
export const readTopic = async (addresses, topic, onRecord, from = []) => {
  const ranges = await withAdmin(addresses, (admin) => admin.offsetsOf(topic));
  const reader = await openRecordReader(connectionTo(addresses), { name: 'bench-reader', topics: [topic] });
  try {
    for (const { partition, low, high } of ranges)
      for await (const records of reader.records(
        { topic, partition },
        { from: from[partition] ?? low, end: high },
      ))
        for (const record of records) onRecord(record, partition);
  } finally {
    await reader.close();
  }
};

/**
 * The last statistic of each course in a topic, and how many records there are.
 *
 * @param courses numbers of courses are below it
 */
export const lastStatistics = async (addresses, topic, courses) => {
  const last = new Array(courses);
  let records = 0;
  await readTopic(addresses, topic, ({ key, value }) => {
    records += 1;
    // A copy: the original is a piece of a whole answer, which it would keep.
    last[courseNumberOf(key.toString('latin1'))] = Buffer.from(value);
  });
  const codec = confluentAvro(
    schemaRegistryAt(addresses.SCHEMA_REGISTRY_URL),
    schemaOf('long-term-stats'),
    undefined,
  );
  await codec.resolveWriters(last.filter((value) => value !== undefined).slice(0, 1));
  return {
    records,
    statisticOf: (course) =>
      last[course] === undefined ? undefined : parseCourseStatisticsRecord(codec.decode(last[course])),
  };
};
