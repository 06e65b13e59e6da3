import { schemaRegistryAt, topicCatalogue, topicName, type SchemaRegistry } from '@reviews/contracts';
import { SINK_TOPICS, type SinkPartition, type SinkTopic } from '@reviews/read-model';
import {
  kafkaLogAdmin,
  offsetOf,
  openRecordReader,
  type OpenRecordReader,
  type StreamRecord,
} from '@reviews/streams';
import { CliError } from '../cli-error.js';
import { kafkaConnectionTo } from '../kafka-connection.js';
import { addressOf, type Target } from '../target/target.js';

/** Where a partition of a topic ends. */
export interface SinkEnd extends SinkPartition {
  readonly end: number;
}

/** Records of a partition to be stored: from the next one to store to before an end. */
export interface SinkReading extends SinkEnd {
  readonly from: number;
}

/** The topics that tables are filled from, until closed. */
export interface SinkLog {
  readonly registry: SchemaRegistry;
  /** What there is now of these topics, in their order. */
  endsOf(topics: readonly SinkTopic[]): Promise<readonly SinkEnd[]>;
  records(reading: SinkReading): AsyncIterable<readonly StreamRecord[]>;
  close(): Promise<void>;
}

/** @throws StreamsError TOPOLOGY_MISMATCH; CliError when records were deleted that nothing can be rebuilt without */
export const openSinkLog = async (target: Target): Promise<SinkLog> => {
  const { topicPrefix, topicPartitions: partitions } = target;
  const connection = kafkaConnectionTo(addressOf(target, 'kafkaBrokers'));
  const registry = schemaRegistryAt(addressOf(target, 'schemaRegistryUrl'));
  const nameOf = (topic: SinkTopic): string => topicName(topicPrefix, topic);
  const names = SINK_TOPICS.map(nameOf);
  const admin = kafkaLogAdmin(connection);
  let reader: OpenRecordReader | undefined;
  const close = async (): Promise<void> => {
    await reader?.close();
    await admin.close();
  };
  try {
    const needed = topicCatalogue(topicPrefix).filter(({ name }) => names.includes(name));
    await admin.verifyTopics(needed, { partitions });
    for (const topic of ['reviews-valid', 'reviews-fraud'] as const)
      for (const { partition, low } of await admin.offsetsOf(nameOf(topic)))
        if (low > 0)
          throw new CliError(
            `${nameOf(topic)}/${partition}/${low} is the first record still there. What was before it was deleted, and the tables cannot be rebuilt without; those in use still have it.`,
          );
    const open = await openRecordReader(connection, {
      name: `${topicPrefix}reviews-rebuild-read-model`,
      topics: names,
    });
    reader = open;
    return {
      registry,
      close,
      async endsOf(topics) {
        const ends = topics.map(async (topic) =>
          (await admin.offsetsOf(nameOf(topic))).map(({ partition, high }) => ({
            topic,
            partition,
            end: high,
          })),
        );
        return (await Promise.all(ends)).flat();
      },
      records: ({ topic, partition, from, end }) =>
        open.records({ topic: nameOf(topic), partition }, { from: offsetOf(from), end: offsetOf(end) }),
    };
  } catch (error) {
    await close();
    throw error;
  }
};
