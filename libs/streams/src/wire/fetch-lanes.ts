import { hostAndPort, type Cluster } from './cluster.js';
import type { BrokerAddress } from './connection-options.js';
import { fetchRequest, type FetchedPartition, type FetchPosition } from './fetch-request.js';

/** How long a broker may hold a request when there is nothing new, and that of a partition that could not come along. */
const PATIENT_WAIT_MS = 100;
const QUICK_WAIT_MS = 10;

/** A connection to a broker with at most one fetch under way. */
interface Lane {
  readonly cluster: Pick<Cluster, 'connectionTo'>;
  readonly maxWaitMs: number;
  isBusy: boolean;
}

/** What one fetch after the other takes: connections for those that wait long, and for those that cannot wait for them. */
export interface LaneClusters {
  readonly patient: Pick<Cluster, 'connectionTo'>;
  readonly quick: Pick<Cluster, 'connectionTo'>;
}

/**
 * Two fetches at most are under way at a broker, which answers one request per connection at a time. The patient one waits
 * for whatever comes to all partitions. A partition that is wanted meanwhile, because its records are handled or somebody
 * has sought it, would have to wait for that: the quick one takes it. It comes back soon, and as long as it is away the
 * patient one does not begin again: so they all end up in one request when nothing comes.
 */
class FetchLanes {
  readonly #address: BrokerAddress;
  readonly #patient: Lane;
  readonly #quick: Lane;

  constructor(address: BrokerAddress, { patient, quick }: LaneClusters) {
    this.#address = address;
    this.#patient = { cluster: patient, maxWaitMs: PATIENT_WAIT_MS, isBusy: false };
    this.#quick = { cluster: quick, maxWaitMs: QUICK_WAIT_MS, isBusy: false };
  }

  /** The answer, or undefined when nothing can be asked before something else was answered. */
  fetch(positions: readonly FetchPosition[]): Promise<readonly FetchedPartition[]> | undefined {
    if (this.#quick.isBusy) return undefined;
    return this.#fetchOn(this.#patient.isBusy ? this.#quick : this.#patient, positions);
  }

  async #fetchOn(lane: Lane, positions: readonly FetchPosition[]): Promise<readonly FetchedPartition[]> {
    lane.isBusy = true;
    try {
      const connection = await lane.cluster.connectionTo(this.#address);
      return await connection.request(fetchRequest(positions, lane.maxWaitMs));
    } finally {
      lane.isBusy = false;
    }
  }
}

/** The lanes to each broker, which are the same whenever they are asked for. */
export const lanesByBroker = (clusters: LaneClusters): ((broker: BrokerAddress) => FetchLanes) => {
  const known = new Map<string, FetchLanes>();
  return (broker) => {
    const key = hostAndPort(broker);
    const lanes = known.get(key) ?? new FetchLanes(broker, clusters);
    known.set(key, lanes);
    return lanes;
  };
};
