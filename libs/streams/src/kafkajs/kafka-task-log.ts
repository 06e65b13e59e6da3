import type { LogAdmin } from '../admin.js';
import { StreamsError } from '../streams-error.js';
import type { TaskLog, TransactionalWriter } from '../task/task-log.js';
import { fenceOnWire } from '../wire/transactional-writer.js';
import { wireClusterOf, type KafkaConnection } from './connection.js';

/**
 * What tasks need of Kafka besides their consumer.
 *
 * @param transactionTimeoutMs after this the broker aborts an open transaction
 */
export const kafkaTaskLog = (
  connection: KafkaConnection,
  admin: Pick<LogAdmin, 'offsetsOf'>,
  transactionTimeoutMs: number,
): Pick<TaskLog, 'fence' | 'offsetsOf'> => ({
  fence: (transactionalId) => fenceWithKafka(connection, transactionalId, transactionTimeoutMs),
  async offsetsOf({ topic, partition }) {
    const offsets = await admin.offsetsOf(topic);
    const found = offsets.find((offset) => offset.partition === partition);
    if (found === undefined)
      throw new StreamsError('TOPOLOGY_MISMATCH', `${topic} has no partition ${partition}`);
    return found;
  },
});

/**
 * Fences older owners of a transactional id. A request that takes as long as a transaction may is given up.
 *
 * @param transactionTimeoutMs after this the broker aborts an open transaction
 */
export const fenceWithKafka = (
  connection: KafkaConnection,
  transactionalId: string,
  transactionTimeoutMs: number,
): Promise<TransactionalWriter> =>
  fenceOnWire(
    { ...wireClusterOf({ ...connection, requestTimeoutMs: transactionTimeoutMs }), transactionTimeoutMs },
    transactionalId,
  );
