import type { Clock } from '../../clock.js';
import type { InMemoryCluster } from '../cluster/in-memory-cluster.js';
import type { Network } from './network.js';

/** How this client of the cluster behaves where the real one's behaviour depends on its surroundings. */
export interface ClientHabits {
  /** Whether a send without an answer is tried again within the call, with the same sequence. */
  retriesSend(): boolean;
  /** Upper limit of records in one request to produce. */
  recordsPerSend(): number;
  /** Upper limit of records of one partition in an answer to a fetch. */
  recordsPerFetch(): number;
  /** Whether a failing consumer starts anew as another member, rather than going on. */
  crashesConsumer(): boolean;
}

export const PLAIN_HABITS: ClientHabits = Object.freeze({
  retriesSend: () => true,
  recordsPerSend: () => 250,
  recordsPerFetch: () => Number.POSITIVE_INFINITY,
  crashesConsumer: () => false,
});

/** What a process has of the cluster. */
export interface InMemoryClient {
  readonly cluster: InMemoryCluster;
  readonly network: Network;
  readonly clock: Clock;
  readonly habits: ClientHabits;
}
