import { topicPartitionKey } from '../../records.js';
import { offsetOf } from '../../offset.js';
import type { OutputRecord, TopicPartition } from '../../records.js';
import { StreamsError } from '../../streams-error.js';
import type { SentRecords, TransactionalWriter } from '../../task/task-log.js';
import { asClientError } from '../cluster/broker-error.js';
import type { InMemoryClient } from './in-memory-client.js';
import { InMemoryProducer } from './in-memory-producer.js';

/** Fences older owners of a transactional id, as the adapter of the real client does. */
export const fenceInMemory = async (
  client: InMemoryClient,
  transactionalId: string,
  transactionTimeoutMs: number,
): Promise<TransactionalWriter> => {
  const producer = new InMemoryProducer(client, transactionalId, transactionTimeoutMs);
  const doing = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw asClientError(error, `${transactionalId}: ${what}`);
    }
  };
  await doing('fence', () => producer.begin());
  let isPrepared = true;
  return {
    begin: (targets = []) =>
      doing('begin', async () => {
        // Aborting what failed and going on is what everybody does, and it is not safe: hence the rule that a writer
        // is worthless after a failure.
        if (!isPrepared && producer.isInTransaction) await producer.abort();
        if (!isPrepared) await producer.begin();
        isPrepared = false;
        await producer.include(targets);
      }),
    send: (target, records) =>
      doing(`send to ${topicPartitionKey(target)}`, () => sendInChunks(client, producer, target, records)),
    sendOffset: (groupId, source, next) =>
      doing('send offsets', () => producer.sendOffset(groupId, source, next)),
    commit: () => doing('commit', () => producer.commit()),
    discard: () => Promise.resolve(),
  };
};

const sendInChunks = async (
  { habits }: InMemoryClient,
  producer: InMemoryProducer,
  target: TopicPartition,
  records: readonly OutputRecord[],
): Promise<SentRecords> => {
  let first: SentRecords | undefined;
  let endOffset = offsetOf(0);
  let appendTimeMs = 0;
  for (let start = 0; start < records.length;) {
    const size = habits.recordsPerSend();
    const sent = await producer.send(target, records.slice(start, start + size));
    start += size;
    first ??= sent;
    ({ endOffset, appendTimeMs } = sent);
  }
  if (first === undefined) throw new StreamsError('FATAL', `Nothing to send to ${topicPartitionKey(target)}`);
  return { firstOffset: first.firstOffset, endOffset, appendTimeMs };
};
