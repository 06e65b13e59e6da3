import { APIS, type WireRequest } from '../api.js';
import { mustBeDone } from '../wire-error.js';

const { initProducerId } = APIS;

/** One incarnation of a transactional id's owner, as brokers know it. */
export interface ProducerIdentity {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** Becomes the owner of a transactional id: aborts what an older one has open, and fences it. */
export const initProducerIdRequest = (
  transactionalId: string,
  transactionTimeoutMs: number,
): WireRequest<ProducerIdentity> => ({
  api: initProducerId,
  write(writer) {
    writer.string(transactionalId).int32(transactionTimeoutMs);
  },
  read(reader) {
    reader.int32(); // throttled for so long
    const error = reader.int16();
    const identity = { transactionalId, producerId: reader.int64(), producerEpoch: reader.int16() };
    mustBeDone(error, `${initProducerId.name} ${transactionalId}`);
    return identity;
  },
});
