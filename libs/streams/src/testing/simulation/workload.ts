import type { TopicPartition } from '../../records.js';
import { BrokerError } from '../cluster/broker-error.js';
import type { InMemoryCluster } from '../cluster/in-memory-cluster.js';
import type { ProducerIdentity } from '../cluster/producer-states.js';
import type { Random } from '../time/random.js';
import type { VirtualTime } from '../time/virtual-time.js';
import type { FaultCounts } from './fault-counts.js';
import { TOPICS } from './simulated-service.js';

/** What the workload needs of a run. */
export interface WorkloadInit {
  readonly cluster: InMemoryCluster;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly counts: FaultCounts;
  readonly partitions: number;
  /** Nothing new is written after this, in virtual milliseconds. */
  readonly untilMs: number;
  isOver(): boolean;
}

const RETRY_MS = 100;

/**
 * Writes inputs over time. Every partition has one writer, and every other one of those is transactional.
 *
 * @returns how to end it early
 */
export const startWorkload = (given: Omit<WorkloadInit, 'isOver'>): (() => void) => {
  let isOver = false;
  const init: WorkloadInit = { ...given, isOver: () => isOver };
  for (let partition = 0; partition < init.partitions; partition++) {
    const target = { topic: TOPICS.source, partition };
    const random = init.random.fork();
    if (partition % 2 === 0) writePlainly({ ...init, random }, target);
    else writeInTransactions({ ...init, random }, target);
  }
  return () => {
    isOver = true;
  };
};

const writePlainly = (init: WorkloadInit, target: TopicPartition): void => {
  const { cluster, time, random, untilMs } = init;
  const write = (): void => {
    if (init.isOver()) return;
    cluster.append(target, inputs(init));
    const waitMs = random.pick([random.between(20, 300), random.between(300, 4_000)]);
    if (time.nowMs() + waitMs < untilMs) time.schedule(waitMs, write);
  };
  time.schedule(random.below(2_000), write);
};

/** A foreign transactional writer: some of what it writes is aborted, some stays undecided for long. */
const writeInTransactions = (init: WorkloadInit, target: TopicPartition): void => {
  const { cluster, time, random, counts, untilMs } = init;
  let producer: ProducerIdentity | undefined;
  let sequence = 0;
  let open = 0;

  const turn = (): void => {
    if (init.isOver()) return;
    try {
      step();
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      time.schedule(RETRY_MS, turn);
      return;
    }
    const waitMs = random.pick([random.between(5, 100), random.between(100, 1_500)]);
    if (open > 0 || time.nowMs() + waitMs < untilMs) time.schedule(waitMs, turn);
  };
  const step = (): void => {
    producer ??= cluster.transactions.initProducerId(`writer-${target.partition}`, 600_000);
    if (open > 0 && random.chance(0.5)) {
      const fate = random.chance(0.3) ? 'aborted' : 'committed';
      cluster.transactions.endTransaction(producer, fate);
      if (fate === 'aborted') counts.add('foreign transaction aborted');
      open = 0;
      return;
    }
    const records = inputs(init);
    cluster.transactions.addPartition(producer, target);
    cluster.produce(producer, target, sequence, records);
    sequence += records.length;
    open += records.length;
  };
  time.schedule(random.below(2_000), turn);
};

const KEYS = 6;

const inputs = ({ random, counts }: WorkloadInit) =>
  Array.from({ length: random.between(1, 4) }, () => {
    const key = `k${random.below(KEYS)}`;
    const dice = random.below(20);
    if (dice === 0) counts.add('poison record');
    const text = dice === 0 ? `!${key}` : dice < 4 ? `del ${key}` : `add ${key} ${random.below(100)}`;
    return { key: Buffer.from(key), value: Buffer.from(text) };
  });
