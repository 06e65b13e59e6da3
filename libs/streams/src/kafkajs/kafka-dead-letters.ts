import { randomUUID } from 'node:crypto';
import type { DeadLetterLog, DeadLetterTopics } from '../dead-letters/dead-letter-log.js';
import { kafkaOf, type KafkaConnection } from './connection.js';
import { startGroupConsumer } from './group-consumer.js';
import { kafkaLogAdmin } from './kafka-log-admin.js';
import { kafkaTaskLog } from './kafka-task-log.js';
import { RangeReader } from './range-reader.js';

/**
 * How long a transaction of a redrive may stay open, in milliseconds. One that was killed holds back everything written
 * to the source partition after it, until this is over.
 */
const TRANSACTION_TIMEOUT_MS = 10_000;
/** Nobody waits for this group's partitions, so only its own survival counts. */
const GROUP_TIMEOUTS = {
  sessionTimeoutMs: 30_000,
  rebalanceTimeoutMs: 60_000,
  heartbeatIntervalMs: 1_000,
};

/** Dead letters on Kafka, until closed. */
export interface OpenDeadLetters extends DeadLetterLog {
  close(): Promise<void>;
}

/**
 * Opens the dead letters of a service for one program. The client cannot read a partition without a group, so there is
 * one with a name of its own; it is deleted in the end.
 */
export const openDeadLetters = async (
  connection: KafkaConnection,
  { applicationId, deadLetters, redrive }: DeadLetterTopics,
): Promise<OpenDeadLetters> => {
  const kafka = kafkaOf({ ...connection, requestTimeoutMs: TRANSACTION_TIMEOUT_MS });
  const admin = kafkaLogAdmin(connection);
  const groupId = `${applicationId}-dead-letters-${randomUUID()}`;
  const topics = redrive === undefined ? [deadLetters] : [deadLetters, redrive.redrives];
  const reader = await startGroupConsumer(
    { connection, groupId, topics, concurrency: 1, timeouts: GROUP_TIMEOUTS },
    (group) => new RangeReader(group),
  );
  return {
    ...kafkaTaskLog(kafka, admin, TRANSACTION_TIMEOUT_MS),
    read: (source, range, onRecords) => reader.read(source, range, onRecords),
    async close() {
      await reader.stop();
      const groups = kafka.admin();
      // A group that stays is empty, has no offsets, and is forgotten by the broker.
      await groups
        .connect()
        .then(() => groups.deleteGroups([groupId]))
        .catch(() => undefined);
      await groups.disconnect();
      await admin.close();
    },
  };
};
