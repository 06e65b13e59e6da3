import type { Kafka, Producer, Transaction } from 'kafkajs';
import { StreamsError } from '../streams-error.js';
import type { TransactionalWriter } from '../task/task-log.js';
import { protocolCodeOf, toStreamsError } from './classify-error.js';
import { sendInChunks } from './send.js';

/** Coordinator loading, not available, moved; concurrent transactions: the client retries none of them for offsets. */
const OFFSETS_RETRY_CODES = new Set([14, 15, 16, 51]);
const OFFSETS_ATTEMPTS = 10;
const OFFSETS_RETRY_MS = 20;

/**
 * Fences older owners of a transactional id: a new producer whose first transaction starts with InitProducerId.
 *
 * @param transactionTimeoutMs after this the broker aborts an open transaction
 */
export const fenceWithKafka = async (
  kafka: Kafka,
  transactionalId: string,
  transactionTimeoutMs: number,
): Promise<TransactionalWriter> => {
  const producer = kafka.producer({
    transactionalId,
    transactionTimeout: transactionTimeoutMs,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 10, multiplier: 1.5, maxRetryTime: 1_000, retries: 12 },
  });
  try {
    await producer.connect();
    return writerOf(producer, await producer.transaction(), transactionalId);
  } catch (error) {
    await producer.disconnect().catch(() => undefined);
    throw toStreamsError(error, `Fence ${transactionalId}`);
  }
};

const writerOf = (producer: Producer, first: Transaction, transactionalId: string): TransactionalWriter => {
  /** The transaction that InitProducerId opened already. */
  let prepared: Transaction | undefined = first;
  let open: Transaction | undefined;

  const doing = async <T>(what: string, work: (transaction: Transaction) => Promise<T>): Promise<T> => {
    if (open === undefined)
      throw new StreamsError('FATAL', `${transactionalId}: ${what} outside a transaction`);
    try {
      return await work(open);
    } catch (error) {
      throw toStreamsError(error, `${transactionalId}: ${what}`);
    }
  };

  return {
    async begin() {
      try {
        open = prepared ?? (await producer.transaction());
        prepared = undefined;
      } catch (error) {
        throw toStreamsError(error, `${transactionalId}: begin`);
      }
    },
    send: (target, records) =>
      doing(`send to ${target.topic}/${target.partition}`, (transaction) =>
        sendInChunks(transaction, target, records),
      ),
    sendOffset: (groupId, { topic, partition }, next) =>
      doing('send offsets', (transaction) =>
        retryCoordinator(() =>
          transaction.sendOffsets({
            consumerGroupId: groupId,
            topics: [{ topic, partitions: [{ partition, offset: String(next) }] }],
          }),
        ),
      ),
    async commit() {
      // Never retried: its outcome is unknown, and restoring finds it out.
      await doing('commit', (transaction) => transaction.commit());
      open = undefined;
    },
    async discard() {
      await producer.disconnect().catch(() => undefined);
    },
  };
};

const retryCoordinator = async (work: () => Promise<void>): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === OFFSETS_ATTEMPTS || !OFFSETS_RETRY_CODES.has(protocolCodeOf(error) ?? -1)) throw error;
      await new Promise((later) => setTimeout(later, OFFSETS_RETRY_MS));
    }
  }
};
