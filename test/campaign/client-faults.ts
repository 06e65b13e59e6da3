import type { Fate, FateOf, RequestFrame } from '../support/kafka-proxy.js';
import type { Random } from './random.js';

/** A request of a client, and how far the transaction has come that it is part of. */
export interface Moment {
  readonly clientId: string;
  readonly apiName: string;
  /** Null outside transactions. */
  readonly transactionalId: string | null;
  /** Sends of the transaction so far, this one included. The transaction of a barrier has one. */
  readonly sends: number;
  /** Whether it writes to more than the changelog, as all do but barriers and those that only tell an offset. */
  readonly hasOutputs: boolean;
}

/** Decides what the proxy does to requests. */
export interface ClientFaults {
  readonly fateOf: FateOf;
  /** How likely a request, and likewise an answer, is lost. */
  setWeather(probability: number): void;
  /** Does something at the next moment of that kind, which nothing else touches. False when there was none in time. */
  atNext(matches: (moment: Moment) => boolean, act: () => Fate | Promise<Fate>): Promise<boolean>;
}

/** Everything was sent, and the commit is on its way. */
export const isCommit = ({ apiName, hasOutputs }: Moment): boolean => apiName === 'EndTxn' && hasOutputs;

/** The second send of a transaction is never a barrier's: outputs are in the log. */
export const isSendAfterOutputs = ({ apiName, sends }: Moment): boolean => apiName === 'Produce' && sends > 1;

/** Requests whose body begins with the transactional id. */
const TRANSACTIONAL = new Set([
  'Produce',
  'InitProducerId',
  'AddPartitionsToTxn',
  'AddOffsetsToTxn',
  'TxnOffsetCommit',
  'EndTxn',
]);

/** Long enough for any transaction to come by, unless its owner has lost its partitions. */
const TRAP_MS = 10_000;

interface Trap {
  readonly matches: (moment: Moment) => boolean;
  readonly spring: () => Fate | Promise<Fate>;
}

export const clientFaults = (random: Random): ClientFaults => {
  const moments = new Map<string, Moment>();
  const traps = new Set<Trap>();
  let weather = 0;

  const follow = (request: RequestFrame): Moment => {
    const { apiName } = request;
    const clientId = request.clientId ?? '';
    const transactionalId = TRANSACTIONAL.has(apiName) ? transactionalIdOf(request) : null;
    if (transactionalId === null) return { clientId, apiName, transactionalId, sends: 0, hasOutputs: false };
    const key = `${clientId} ${transactionalId}`;
    const before = moments.get(key);
    const moment = {
      clientId,
      apiName,
      transactionalId,
      sends: (before?.sends ?? 0) + (apiName === 'Produce' ? 1 : 0),
      hasOutputs: before?.hasOutputs === true || (apiName === 'AddPartitionsToTxn' && topicsIn(request) > 1),
    };
    if (apiName === 'EndTxn' || apiName === 'InitProducerId') moments.delete(key);
    else moments.set(key, moment);
    return moment;
  };

  return {
    fateOf(request) {
      const moment = follow(request);
      for (const trap of traps)
        if (trap.matches(moment)) {
          traps.delete(trap);
          return trap.spring();
        }
      if (random.chance(weather)) return 'cut request';
      return random.chance(weather) ? 'cut response' : 'pass';
    },
    setWeather(probability) {
      weather = probability;
    },
    atNext: (matches, act) =>
      new Promise((resolve) => {
        const trap: Trap = {
          matches,
          spring() {
            clearTimeout(timer);
            resolve(true);
            return act();
          },
        };
        const timer = setTimeout(() => {
          traps.delete(trap);
          resolve(false);
        }, TRAP_MS);
        traps.add(trap);
      }),
  };
};

/** How many topics a request adds to its transaction. */
const topicsIn = (request: RequestFrame): number => {
  const producerIdAndEpoch = 8 + 2;
  const { bytes } = request;
  const at = transactionalIdAt(request);
  return bytes.readInt32BE(at + 2 + bytes.readInt16BE(at) + producerIdAndEpoch);
};

const transactionalIdAt = ({ clientId }: RequestFrame): number => 14 + Buffer.byteLength(clientId ?? '');

const transactionalIdOf = (request: RequestFrame): string | null => {
  const { bytes } = request;
  const at = transactionalIdAt(request);
  const length = bytes.readInt16BE(at);
  return length < 0 ? null : bytes.toString('utf8', at + 2, at + 2 + length);
};
