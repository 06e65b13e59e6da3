import { APIS, type WireRequest } from '../api.js';
import { mustBeDone } from '../wire-error.js';

const { initProducerId } = APIS;

/** A producer as brokers know it: by this and a sequence they tell what they have already. */
export interface ProducerId {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** Becomes a producer that nobody was before, outside of transactions. Any broker can say which. */
export const newProducerIdRequest: WireRequest<ProducerId> = {
  api: initProducerId,
  write(writer) {
    const transactionalId = null;
    const transactionTimeoutMs = 0;
    writer.nullableString(transactionalId).int32(transactionTimeoutMs);
  },
  read(reader) {
    reader.int32(); // throttled for so long
    const error = reader.int16();
    const id = { producerId: reader.int64(), producerEpoch: reader.int16() };
    mustBeDone(error, initProducerId.name);
    return id;
  },
};
