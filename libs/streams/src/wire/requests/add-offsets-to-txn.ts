import { APIS, type WireRequest } from '../api.js';
import { mustBeDone } from '../wire-error.js';
import type { ProducerIdentity } from './init-producer-id.js';

const { addOffsetsToTxn } = APIS;

/** Makes the offsets of a group part of the open transaction. */
export const addOffsetsToTxnRequest = (
  { transactionalId, producerId, producerEpoch }: ProducerIdentity,
  groupId: string,
): WireRequest<void> => ({
  api: addOffsetsToTxn,
  write(writer) {
    writer.string(transactionalId).int64(producerId).int16(producerEpoch).string(groupId);
  },
  read(reader) {
    reader.int32(); // throttled for so long
    mustBeDone(reader.int16(), `${addOffsetsToTxn.name} ${groupId}`);
  },
});
