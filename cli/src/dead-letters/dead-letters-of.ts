import {
  deadLetterTopic,
  REDRIVABLE_SERVICES,
  redrivesTopic,
  topicCatalogue,
  topicName,
  type RedrivableService,
  type StreamService,
} from '@reviews/contracts';
import {
  kafkaLogAdmin,
  openDeadLetters,
  StreamsError,
  type DeadLetterLog,
  type DeadLetterTopics,
  type KafkaConnection,
} from '@reviews/streams';
import { CliError } from '../cli-error.js';
import { kafkaConnectionTo } from '../kafka-connection.js';
import { kafkaErrorText } from '../kafka-error.js';
import { findTarget } from '../target/find-target.js';
import { addressOf, type Target } from '../target/target.js';

/** The dead letters of a service, open. */
export interface DeadLetters {
  readonly log: DeadLetterLog;
  readonly topics: DeadLetterTopics;
  readonly partitions: number;
}

/** What each redrivable service reads. */
const SOURCES = { 'fraud-detector': 'reviews' } as const satisfies Record<RedrivableService, string>;

/** The topics around the dead letters of a service. */
const deadLetterTopicsOf = (prefix: string, service: StreamService): DeadLetterTopics => ({
  applicationId: prefix + service,
  deadLetters: deadLetterTopic(prefix, service),
  redrive: isRedrivable(service)
    ? { source: topicName(prefix, SOURCES[service]), redrives: redrivesTopic(prefix, service) }
    : undefined,
});

/** @throws CliError when the letters of a service cannot be sent again */
export const requireRedrivable = (service: StreamService): void => {
  if (!isRedrivable(service))
    throw new CliError(
      `The dead letters of the ${service} cannot be redriven: its source has a transactional writer already, and with two of them readers would see what was aborted.`,
    );
};

/**
 * Does something with the dead letters of a service.
 *
 * @throws CliError when topics are missing, or Kafka cannot do it
 */
export const withDeadLetters = async <T>(
  service: StreamService,
  work: (letters: DeadLetters) => Promise<T>,
): Promise<T> => {
  const target = await findTarget();
  const { topicPrefix, topicPartitions: partitions } = target;
  const connection = kafkaConnectionTo(addressOf(target, 'kafkaBrokers'));
  const topics = deadLetterTopicsOf(topicPrefix, service);
  try {
    await verifyTopics(connection, topics, target);
    const log = await openDeadLetters(connection, topics);
    try {
      return await work({ log, topics, partitions });
    } finally {
      await log.close();
    }
  } catch (cause) {
    throw cause instanceof StreamsError ? new CliError(kafkaErrorText(cause), { cause }) : cause;
  }
};

const verifyTopics = async (
  connection: KafkaConnection,
  { deadLetters, redrive }: DeadLetterTopics,
  { topicPrefix, topicPartitions: partitions }: Target,
): Promise<void> => {
  const needed = new Set([deadLetters, redrive?.source, redrive?.redrives]);
  const admin = kafkaLogAdmin(connection);
  try {
    await admin.verifyTopics(
      topicCatalogue(topicPrefix).filter(({ name }) => needed.has(name)),
      { partitions },
    );
  } finally {
    await admin.close();
  }
};

const isRedrivable = (service: StreamService): service is RedrivableService =>
  REDRIVABLE_SERVICES.some((redrivable) => redrivable === service);
