import type { Offset } from '../../offset.js';
import type { TopicPartition } from '../../records.js';
import { APIS, type WireRequest } from '../api.js';
import type { ProducerIdentity } from './init-producer-id.js';
import { readPartitionErrors, writePartitions } from './topic-partitions.js';

const { txnOffsetCommit } = APIS;

/** Moves a group's offset of a partition when the transaction is committed. */
export const txnOffsetCommitRequest = (
  { transactionalId, producerId, producerEpoch }: ProducerIdentity,
  groupId: string,
  source: TopicPartition,
  next: Offset,
): WireRequest<void> => ({
  api: txnOffsetCommit,
  write(writer) {
    writer.string(transactionalId).string(groupId).int64(producerId).int16(producerEpoch);
    writePartitions(writer, [source], () => {
      writer.int64(next).nullableString(null);
    });
  },
  read(reader) {
    reader.int32(); // throttled for so long
    readPartitionErrors(reader, [source], txnOffsetCommit.name);
  },
});
