import { offsetOf } from '../../offset.js';
import { topicPartitionKey, type TopicPartition } from '../../records.js';
import type { SentRecords } from '../../task/task-log.js';
import { APIS, type WireRequest } from '../api.js';
import type { BufferReader } from '../buffer-reader.js';
import { writePlainBatch, writeTransactionalBatch, type BatchPlan } from '../record-batch.js';
import { MalformedAnswerError, ProtocolError } from '../wire-error.js';
import type { ProducerId } from './new-producer-id.js';
import { writePartitions } from './topic-partitions.js';

const { produce } = APIS;
const ALL_REPLICAS = -1;
/** Room for everything around a batch but texts. */
const AROUND_BATCH_BYTES = 64;

/** Who appends: in a transaction or, without an id, outside of any. */
export interface Producer extends ProducerId {
  readonly transactionalId: string | null;
}

/** A batch of one partition, and where it stands among all that was sent there. */
export interface SequencedBatch {
  readonly plan: BatchPlan;
  readonly baseSequence: number;
  readonly timestampMs: number;
}

/** A batch, and where it goes. */
export interface TargetedBatch extends SequencedBatch, TopicPartition {}

/** What became of a batch. */
export type BatchAnswer = SentRecords | ProtocolError;

/** Appends a batch to each of several partitions of one leader. The answer has their order. */
export const produceRequest = (
  { transactionalId, producerId, producerEpoch }: Producer,
  batches: readonly TargetedBatch[],
  timeoutMs: number,
): WireRequest<readonly BatchAnswer[]> => ({
  api: produce,
  size: batches.reduce(
    (sum, { topic, plan }) => sum + AROUND_BATCH_BYTES + topic.length + plan.size,
    transactionalId?.length ?? 0,
  ),
  write(writer) {
    const writeBatch = transactionalId === null ? writePlainBatch : writeTransactionalBatch;
    writer.nullableString(transactionalId).int16(ALL_REPLICAS).int32(timeoutMs);
    writePartitions(writer, batches, ({ plan, baseSequence, timestampMs }) => {
      writer.sized(() => {
        writeBatch(writer, plan, { producerId, producerEpoch, baseSequence, timestampMs });
      });
    });
  },
  read(reader) {
    const answers = readAnswers(reader);
    const byTarget = new Map(answers.map((answer) => [topicPartitionKey(answer), answer]));
    if (answers.length !== batches.length || byTarget.size !== batches.length)
      throw new MalformedAnswerError(`${answers.length} partitions answer a send to ${batches.length}`);
    return batches.map((batch) => answerTo(batch, byTarget.get(topicPartitionKey(batch))));
  },
});

/** What a broker says of a partition. */
interface PartitionAnswer extends TopicPartition {
  readonly error: number;
  readonly baseOffset: number;
  readonly appendTimeMs: number;
}

const readAnswers = (reader: BufferReader): readonly PartitionAnswer[] => {
  const answers = reader
    .array(() => {
      const topic = reader.string();
      return reader.array(() => ({
        topic,
        partition: reader.int32(),
        error: reader.int16(),
        baseOffset: reader.int64(),
        appendTimeMs: reader.int64(),
      }));
    })
    .flat();
  reader.int32(); // throttled for so long
  return answers;
};

const answerTo = (batch: TargetedBatch, answer: PartitionAnswer | undefined): BatchAnswer => {
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
