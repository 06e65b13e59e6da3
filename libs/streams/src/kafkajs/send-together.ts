import type { Producer, RecordMetadata, TopicMessages } from 'kafkajs';
import type { TargetedRecords } from '../log-appender.js';
import { offsetOf, parseOffset } from '../offset.js';
import { topicPartitionKey, type OutputRecord } from '../records.js';
import { StreamsError } from '../streams-error.js';
import type { SentRecords } from '../task/task-log.js';
import { toMessage } from './send.js';

/**
 * Sends records to several partitions in one request, each partition once. All of them must have the same leader: one
 * send over several brokers can lose and duplicate without an error.
 */
export const sendTogether = async (
  producer: Pick<Producer, 'sendBatch'>,
  batches: readonly TargetedRecords[],
): Promise<readonly SentRecords[]> => {
  const answers = new Map<string, RecordMetadata>();
  for (const answer of await producer.sendBatch({ acks: -1, topicMessages: messagesByTopic(batches) }))
    answers.set(topicPartitionKey({ topic: answer.topicName, partition: answer.partition }), answer);
  if (answers.size !== batches.length)
    throw new StreamsError('FATAL', `${answers.size} partitions answered a send to ${batches.length}`);
  return batches.map(({ target, records }) =>
    placeOf(answers.get(topicPartitionKey(target)), topicPartitionKey(target), records),
  );
};

const messagesByTopic = (batches: readonly TargetedRecords[]): TopicMessages[] => {
  const byTopic = new Map<string, TopicMessages>();
  for (const { target, records } of batches) {
    const ofTopic = byTopic.get(target.topic) ?? { topic: target.topic, messages: [] };
    for (const record of records) ofTopic.messages.push(toMessage(record, target.partition));
    byTopic.set(target.topic, ofTopic);
  }
  return [...byTopic.values()];
};

const placeOf = (
  answer: RecordMetadata | undefined,
  target: string,
  records: readonly OutputRecord[],
): SentRecords => {
  if (answer === undefined) throw new StreamsError('FATAL', `A send to ${target} was not answered`);
  const firstOffset = parseOffset(answer.baseOffset ?? 'missing');
  return {
    firstOffset,
    endOffset: offsetOf(firstOffset + records.length),
    appendTimeMs: Number(answer.logAppendTime ?? -1),
  };
};
