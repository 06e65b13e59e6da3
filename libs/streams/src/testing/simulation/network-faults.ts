import type { ClientHabits } from '../client/in-memory-client.js';
import type { NetworkPlan, RequestFault, RequestKind } from '../client/network.js';
import type { Random } from '../time/random.js';
import type { FaultCounts } from './fault-counts.js';

/** Probabilities of one run, each 0 to 1. */
export interface FaultProbabilities {
  readonly requestLost: number;
  readonly responseLost: number;
  readonly requestDelayed: number;
  /** Of the answer to a commit, on top. */
  readonly commitUnanswered: number;
  readonly staleOffsetFetch: number;
}

/** Of a fetch. */
const OFFSET_DENIED = 0.002;

/** Some runs are calm, most have a few faults, some hardly get anything through. */
export const probabilitiesOf = (random: Random): FaultProbabilities => {
  const level = random.pick([0, 0.003, 0.01, 0.02, 0.05]);
  const about = (): number => random.below(3) * level * 0.5;
  return {
    requestLost: about(),
    responseLost: about(),
    requestDelayed: about(),
    commitUnanswered: random.pick([0, 0.02, 0.1, 0.3]),
    staleOffsetFetch: random.pick([0, 0.1, 0.5]),
  };
};

/** What may happen to requests, until it is over. */
export interface NetworkFaults extends NetworkPlan, ClientHabits {
  /** Asked by the cluster. */
  isOffsetFetchStale(): boolean;
  isOffsetDenied(): boolean;
  markerDelayMs(): number;
  /** From here on everything arrives and is answered. */
  end(): void;
}

export const networkFaults = (
  random: Random,
  probabilities: FaultProbabilities,
  counts: FaultCounts,
): NetworkFaults => {
  const { requestLost, responseLost, requestDelayed, commitUnanswered, staleOffsetFetch } = probabilities;
  let isOver = false;
  let isOffsetDenied = false;

  const commitFault = (): RequestFault =>
    random.chance(commitUnanswered) ? random.pick(['request lost', 'response lost', 'delayed']) : 'none';
  const anyFault = (): RequestFault => {
    if (random.chance(requestLost)) return 'request lost';
    if (random.chance(responseLost)) return 'response lost';
    return random.chance(requestDelayed) ? 'delayed' : 'none';
  };

  return {
    faultOf(kind: RequestKind) {
      if (isOver) return 'none';
      const fault = kind === 'EndTxn' ? commitFault() : anyFault();
      if (fault === 'none') return fault;
      counts.add(fault === 'delayed' ? 'request delayed' : fault);
      if (kind === 'EndTxn') counts.add('commit unanswered');
      return fault;
    },
    latencyMs: () => random.between(1, 4),
    lateMs: () =>
      random.pick([random.between(5, 400), random.between(400, 4_000), random.between(4_000, 12_000)]),
    giveUpMs: () => random.pick([random.between(2, 30), 1_000, 5_000]),
    outlivesSender: () => random.chance(0.5),
    retriesSend: () => random.chance(0.5),
    recordsPerSend: () => random.pick([1, 2, 3, 250]),
    recordsPerFetch: () => random.pick([1, 3, 8, 1_000]),
    crashesConsumer() {
      const crashes = random.chance(0.3);
      if (crashes) counts.add('consumer restarted');
      return crashes;
    },
    isOffsetFetchStale() {
      const isStale = !isOver && random.chance(staleOffsetFetch);
      if (isStale) counts.add('stale offset fetch');
      return isStale;
    },
    // Once: a task that is shown twice in a row that records are missing is right to stop.
    isOffsetDenied() {
      if (isOver || isOffsetDenied || !random.chance(OFFSET_DENIED)) return false;
      isOffsetDenied = true;
      counts.add('offset denied');
      return true;
    },
    markerDelayMs: () => random.pick([0, 1, 3, isOver ? 5 : 60]),
    end() {
      isOver = true;
    },
  };
};
