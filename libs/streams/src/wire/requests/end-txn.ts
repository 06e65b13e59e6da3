import { APIS, type WireRequest } from '../api.js';
import { mustBeDone } from '../wire-error.js';
import type { ProducerIdentity } from './init-producer-id.js';

const { endTxn } = APIS;
const COMMIT = 1;

/** Commits the open transaction. */
export const commitTxnRequest = ({
  transactionalId,
  producerId,
  producerEpoch,
}: ProducerIdentity): WireRequest<void> => ({
  api: endTxn,
  write(writer) {
    writer.string(transactionalId).int64(producerId).int16(producerEpoch).int8(COMMIT);
  },
  read(reader) {
    reader.int32(); // throttled for so long
    mustBeDone(reader.int16(), `${endTxn.name} ${transactionalId}`);
  },
});
