import type { Message, Producer, RecordMetadata } from 'kafkajs';
import type { ChunkLimits } from '../chunks.js';
import { offsetOf, parseOffset } from '../offset.js';
import type { OutputRecord, TopicPartition } from '../records.js';
import type { SentRecords } from '../task/task-log.js';
import { StreamsError } from '../streams-error.js';

/**
 * What goes into one request. Grouping in the client is quadratic: more records cost more than they save. The bytes are
 * below the broker's default limit of 1 MB with room for framing.
 */
export const SEND_LIMITS: ChunkLimits = { maxItems: 250, maxBytes: 700_000 };

/** Something records can be sent with. */
type Sender = Pick<Producer, 'send'>;

/** Sends records that fit into one request. */
export const sendOnce = async (
  sender: Sender,
  { topic, partition }: TopicPartition,
  records: readonly OutputRecord[],
): Promise<SentRecords> => {
  const answers = await sender.send({
    topic,
    acks: -1,
    messages: records.map((record) => toMessage(record, partition)),
  });
  const answer = onlyAnswer(answers, { topic, partition });
  const firstOffset = parseOffset(answer.baseOffset ?? 'missing');
  return {
    firstOffset,
    endOffset: offsetOf(firstOffset + records.length),
    appendTimeMs: Number(answer.logAppendTime ?? -1),
  };
};

const onlyAnswer = (
  answers: readonly RecordMetadata[],
  { topic, partition }: TopicPartition,
): RecordMetadata => {
  const [answer] = answers;
  if (answers.length !== 1 || answer?.topicName !== topic || answer.partition !== partition)
    throw new StreamsError('FATAL', `The answer to a send to ${topic}/${partition} names other partitions`);
  return answer;
};

export const toMessage = ({ key, value, headers }: OutputRecord, partition: number): Message => ({
  key,
  value,
  partition,
  ...(headers === undefined ? {} : { headers: { ...headers } }),
});
