import type { DeadLetterLog, DeadLetterTopics } from '../dead-letters/dead-letter-log.js';
import type { KafkaConnection } from './connection.js';
import { kafkaLogAdmin } from './kafka-log-admin.js';
import { kafkaTaskLog } from './kafka-task-log.js';
import { openRangeReader } from './open-record-reader.js';

/**
 * How long a transaction of a redrive may stay open, in milliseconds. One that was killed holds back everything written
 * to the source partition after it, until this is over.
 */
const TRANSACTION_TIMEOUT_MS = 10_000;

/** Dead letters on Kafka, until closed. */
export interface OpenDeadLetters extends DeadLetterLog {
  close(): Promise<void>;
}

/** Opens the dead letters of a service for one program. */
export const openDeadLetters = async (
  connection: KafkaConnection,
  { applicationId, deadLetters, redrive }: DeadLetterTopics,
): Promise<OpenDeadLetters> => {
  const admin = kafkaLogAdmin(connection);
  const topics = redrive === undefined ? [deadLetters] : [deadLetters, redrive.redrives];
  const reader = await openRangeReader(connection, { name: `${applicationId}-dead-letters`, topics });
  return {
    ...kafkaTaskLog(connection, admin, TRANSACTION_TIMEOUT_MS),
    read: (source, range, onRecords) => reader.read(source, range, onRecords),
    async close() {
      await reader.close();
      await admin.close();
    },
  };
};
