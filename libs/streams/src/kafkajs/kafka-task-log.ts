import type { Kafka } from 'kafkajs';
import type { LogAdmin } from '../admin.js';
import { StreamsError } from '../streams-error.js';
import type { TaskLog } from '../task/task-log.js';
import { fenceWithKafka } from './kafka-transactional-writer.js';

/**
 * What tasks need of Kafka besides their consumer.
 *
 * @param transactionTimeoutMs after this the broker aborts an open transaction
 */
export const kafkaTaskLog = (
  kafka: Kafka,
  admin: Pick<LogAdmin, 'offsetsOf'>,
  transactionTimeoutMs: number,
): Pick<TaskLog, 'fence' | 'offsetsOf'> => ({
  fence: (transactionalId) => fenceWithKafka(kafka, transactionalId, transactionTimeoutMs),
  async offsetsOf({ topic, partition }) {
    const offsets = await admin.offsetsOf(topic);
    const found = offsets.find((offset) => offset.partition === partition);
    if (found === undefined)
      throw new StreamsError('TOPOLOGY_MISMATCH', `${topic} has no partition ${partition}`);
    return found;
  },
});
