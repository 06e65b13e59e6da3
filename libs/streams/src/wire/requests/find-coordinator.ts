import { APIS, type WireRequest } from '../api.js';
import type { BrokerAddress } from '../connection-options.js';
import { mustBeDone } from '../wire-error.js';

const { findCoordinator } = APIS;
const KEY_TYPES = { group: 0, transaction: 1 } as const;

/** What a coordinator coordinates. */
export type CoordinatorKind = keyof typeof KEY_TYPES;

/** Asks which broker coordinates a group or a transactional id. */
export const findCoordinatorRequest = (kind: CoordinatorKind, id: string): WireRequest<BrokerAddress> => ({
  api: findCoordinator,
  write(writer) {
    writer.string(id).int8(KEY_TYPES[kind]);
  },
  read(reader) {
    reader.int32(); // throttled for so long
    const error = reader.int16();
    reader.nullableString(); // the error in words
    reader.int32(); // node id
    const address = { host: reader.string(), port: reader.int32() };
    mustBeDone(error, `${findCoordinator.name} of the ${kind} ${id}`);
    return address;
  },
});
