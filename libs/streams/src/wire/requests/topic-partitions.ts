import type { TopicPartition } from '../../records.js';
import type { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { MalformedAnswerError, ProtocolError } from '../wire-error.js';

/** Stands beside the one that was refused: the others were not even tried. */
const OPERATION_NOT_ATTEMPTED = 55;

/** Writes partitions by topic, each with what `writePartition` adds to its number. */
export const writePartitions = <T extends TopicPartition>(
  writer: BufferWriter,
  targets: readonly T[],
  writePartition: (target: T) => void = () => undefined,
): void => {
  const topics = [...new Set(targets.map(({ topic }) => topic))];
  writer.array(topics, (topic) => {
    const ofTopic = targets.filter((target) => target.topic === topic);
    writer.string(topic).array(ofTopic, (target) => {
      writer.int32(target.partition);
      writePartition(target);
    });
  });
};

/**
 * Reads an error code per partition.
 *
 * @throws ProtocolError the first refusal that says why; MalformedAnswerError when these are not the partitions asked about
 */
export const readPartitionErrors = (
  reader: BufferReader,
  targets: readonly TopicPartition[],
  doing: string,
): void => {
  const answers = reader
    .array(() => {
      const topic = reader.string();
      return reader.array(() => ({ topic, partition: reader.int32(), error: reader.int16() }));
    })
    .flat();
  for (const { topic, partition } of targets)
    if (!answers.some((answer) => answer.topic === topic && answer.partition === partition))
      throw new MalformedAnswerError(`${doing}: the answer does not name ${topic}/${partition}`);
  const refusals = answers.filter(({ error }) => error !== 0);
  const refusal = refusals.find(({ error }) => error !== OPERATION_NOT_ATTEMPTED) ?? refusals[0];
  if (refusal !== undefined)
    throw new ProtocolError(refusal.error, `${doing} ${refusal.topic}/${refusal.partition}`);
};
