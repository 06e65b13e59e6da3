import {
  deadLetterTopic,
  schemaRegistryAt,
  topicCatalogue,
  topicName,
  type AvroTopic,
} from '@reviews/contracts';
import {
  kafkaLogAdmin,
  offsetOf,
  openRecordReader,
  type LogAdmin,
  type OpenRecordReader,
} from '@reviews/streams';
import { CliError } from '../cli-error.js';
import { kafkaConnectionTo } from '../kafka-connection.js';
import { addressOf, type Target } from '../target/target.js';
import type { PartitionLog } from './partition-log.js';
import { Place } from './place.js';
import { verifyCodecs, type VerifyCodecs } from './verify-codecs.js';

/** A topic that is looked at, without prefix. */
export type VerifiedTopic = Exclude<AvroTopic, 'fraud-detector-progress'> | 'fraud-detector-dead-letters';

/** All that a verification looks at. */
export const VERIFIED_TOPICS: readonly VerifiedTopic[] = [
  'reviews',
  'reviews-valid',
  'reviews-fraud',
  'fraud-detector-dead-letters',
  'long-term-stats',
  'recent-stats',
  'aggregator-progress',
];

/** The topics of an installation, for reading. */
export interface VerifyLog {
  readonly codecs: VerifyCodecs;
  readonly partitions: number;
  /** A partition with the end it has now. */
  partition(topic: VerifiedTopic, partition: number): Promise<PartitionLog>;
  nameOf(topic: VerifiedTopic): string;
}

/** The same, until closed. */
export interface OpenVerifyLog extends VerifyLog {
  /** The ends that the partitions of a topic have now, in their order. */
  ends(topic: VerifiedTopic): Promise<readonly number[]>;
  close(): Promise<void>;
}

/**
 * Opens topics of a target.
 *
 * @param name of the program that reads, for whoever looks at the cluster meanwhile
 * @throws StreamsError TOPOLOGY_MISMATCH when one is missing or has another number of partitions
 */
export const openVerifyLog = async (
  target: Target,
  name: string,
  topics: readonly VerifiedTopic[],
): Promise<OpenVerifyLog> => {
  const { topicPrefix, topicPartitions: partitions } = target;
  const connection = kafkaConnectionTo(addressOf(target, 'kafkaBrokers'));
  const codecs = verifyCodecs(schemaRegistryAt(addressOf(target, 'schemaRegistryUrl')));
  const nameOf = (topic: VerifiedTopic): string =>
    topic === 'fraud-detector-dead-letters'
      ? deadLetterTopic(topicPrefix, 'fraud-detector')
      : topicName(topicPrefix, topic);
  const names = topics.map(nameOf);
  const admin = kafkaLogAdmin(connection);
  let reader: OpenRecordReader | undefined;
  const close = async (): Promise<void> => {
    await reader?.close();
    await admin.close();
  };
  try {
    const needed = topicCatalogue(topicPrefix).filter((spec) => names.includes(spec.name));
    await admin.verifyTopics(needed, { partitions });
    const open = await openRecordReader(connection, { name: `${topicPrefix}reviews-${name}`, topics: names });
    reader = open;
    return {
      codecs,
      partitions,
      nameOf,
      close,
      ends: async (topic) => (await admin.offsetsOf(nameOf(topic))).map(({ high }) => high),
      partition: (topic, partition) => partitionLog(open, admin, nameOf(topic), partition),
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** @throws CliError when records were deleted that nothing can be recounted without */
export const requireWhole = (log: PartitionLog): PartitionLog => {
  const { low } = log.offsets;
  if (low > 0)
    throw new CliError(
      `${log.place.at(low)} is the first record still there. What was before it was deleted, and nothing can be recounted without.`,
    );
  return log;
};

const partitionLog = async (
  reader: OpenRecordReader,
  admin: LogAdmin,
  topic: string,
  partition: number,
): Promise<PartitionLog> => {
  const offsets = (await admin.offsetsOf(topic)).find((one) => one.partition === partition);
  if (offsets === undefined) throw new CliError(`${topic} has no partition ${partition}.`);
  return {
    place: new Place(topic, partition),
    offsets,
    records: (from = offsets.low) =>
      reader.records(
        { topic, partition },
        { from: offsetOf(Math.max(from, offsets.low)), end: offsets.high },
      ),
  };
};
