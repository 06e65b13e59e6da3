import { offsetOf } from '../../offset.js';
import { topicPartitionKey, type TopicPartition } from '../../records.js';
import type { SentRecords } from '../../task/task-log.js';
import { APIS, type WireRequest } from '../api.js';
import { writePlainBatch } from '../record-batch.js';
import { MalformedAnswerError, ProtocolError } from '../wire-error.js';
import type { ProducerId } from './new-producer-id.js';
import {
  ALL_REPLICAS,
  AROUND_BATCH_BYTES,
  readProduceAnswers,
  type ProduceAnswer,
  type SequencedBatch,
} from './produce.js';
import { writePartitions } from './topic-partitions.js';

const { produce } = APIS;

/** A batch, and where it goes. */
export interface TargetedBatch extends SequencedBatch, TopicPartition {}

/** What became of a batch. */
export type BatchAnswer = SentRecords | ProtocolError;

/**
 * Appends a batch to each of several partitions of one leader, outside of transactions. The answer has their order.
 */
export const produceTogetherRequest = (
  { producerId, producerEpoch }: ProducerId,
  batches: readonly TargetedBatch[],
  timeoutMs: number,
): WireRequest<readonly BatchAnswer[]> => ({
  api: produce,
  size: batches.reduce((sum, { topic, plan }) => sum + AROUND_BATCH_BYTES + topic.length + plan.size, 0),
  write(writer) {
    const transactionalId = null;
    writer.nullableString(transactionalId).int16(ALL_REPLICAS).int32(timeoutMs);
    writePartitions(writer, batches, ({ plan, baseSequence, timestampMs }) => {
      writer.sized(() => {
        writePlainBatch(writer, plan, { producerId, producerEpoch, baseSequence, timestampMs });
      });
    });
  },
  read(reader) {
    const answers = readProduceAnswers(reader);
    const byTarget = new Map(answers.map((answer) => [topicPartitionKey(answer), answer]));
    if (answers.length !== batches.length || byTarget.size !== batches.length)
      throw new MalformedAnswerError(`${answers.length} partitions answer a send to ${batches.length}`);
    return batches.map((batch) => answerTo(batch, byTarget.get(topicPartitionKey(batch))));
  },
});

const answerTo = (batch: TargetedBatch, answer: ProduceAnswer | undefined): BatchAnswer => {
  const target = topicPartitionKey(batch);
  if (answer === undefined) throw new MalformedAnswerError(`The answer to a send does not name ${target}`);
  const { error, baseOffset, appendTimeMs } = answer;
  if (error !== 0) return new ProtocolError(error, `${produce.name} to ${target}`);
  return {
    firstOffset: offsetOf(baseOffset),
    endOffset: offsetOf(baseOffset + batch.plan.records.length),
    appendTimeMs,
  };
};
