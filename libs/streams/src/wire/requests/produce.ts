import { offsetOf } from '../../offset.js';
import type { TopicPartition } from '../../records.js';
import type { SentRecords } from '../../task/task-log.js';
import { APIS, type WireRequest } from '../api.js';
import type { BufferReader } from '../buffer-reader.js';
import { writeTransactionalBatch, type BatchPlan } from '../record-batch.js';
import { MalformedAnswerError, mustBeDone } from '../wire-error.js';
import type { ProducerIdentity } from './init-producer-id.js';
import { writePartitions } from './topic-partitions.js';

const { produce } = APIS;
export const ALL_REPLICAS = -1;
/** Room for everything around a batch but texts. */
export const AROUND_BATCH_BYTES = 64;

/** A batch of one partition, and where it stands among all that was sent there. */
export interface SequencedBatch {
  readonly plan: BatchPlan;
  readonly baseSequence: number;
  readonly timestampMs: number;
}

/** Appends one batch to one partition. */
export const produceRequest = (
  identity: ProducerIdentity,
  target: TopicPartition,
  { plan, baseSequence, timestampMs }: SequencedBatch,
  timeoutMs: number,
): WireRequest<SentRecords> => ({
  api: produce,
  size: AROUND_BATCH_BYTES + identity.transactionalId.length + target.topic.length + plan.size,
  write(writer) {
    writer.string(identity.transactionalId).int16(ALL_REPLICAS).int32(timeoutMs);
    writePartitions(writer, [target], () => {
      writer.sized(() => {
        writeTransactionalBatch(writer, plan, { ...identity, baseSequence, timestampMs });
      });
    });
  },
  read(reader) {
    const answers = readProduceAnswers(reader);
    const { topic, partition } = target;
    const [answer] = answers;
    if (answers.length !== 1 || answer?.topic !== topic || answer.partition !== partition)
      throw new MalformedAnswerError(`The answer to a send to ${topic}/${partition} names other partitions`);
    mustBeDone(answer.error, `${produce.name} to ${topic}/${partition}`);
    return {
      firstOffset: offsetOf(answer.baseOffset),
      endOffset: offsetOf(answer.baseOffset + plan.records.length),
      appendTimeMs: answer.appendTimeMs,
    };
  },
});

/** What a broker answers to a batch. */
export interface ProduceAnswer extends TopicPartition {
  readonly error: number;
  readonly baseOffset: number;
  readonly appendTimeMs: number;
}

export const readProduceAnswers = (reader: BufferReader): readonly ProduceAnswer[] => {
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
