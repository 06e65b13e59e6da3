import type { TopicPartition } from '../../records.js';
import { APIS, type WireRequest } from '../api.js';
import type { ProducerIdentity } from './init-producer-id.js';
import { readPartitionErrors, writePartitions } from './topic-partitions.js';

const { addPartitionsToTxn } = APIS;

/** Makes partitions part of the open transaction, which the first of them opens. */
export const addPartitionsToTxnRequest = (
  { transactionalId, producerId, producerEpoch }: ProducerIdentity,
  targets: readonly TopicPartition[],
): WireRequest<void> => ({
  api: addPartitionsToTxn,
  write(writer) {
    writer.string(transactionalId).int64(producerId).int16(producerEpoch);
    writePartitions(writer, targets);
  },
  read(reader) {
    reader.int32(); // throttled for so long
    readPartitionErrors(reader, targets, addPartitionsToTxn.name);
  },
});
