import type { TopicPartition } from '../records.js';
import type { SentRecords } from '../task/task-log.js';
import { patiently } from './asking.js';
import type { Cluster } from './cluster.js';
import type { BrokerAddress } from './connection-options.js';
import type { Outbox } from './outbox.js';
import type { SequencedBatch } from './requests/produce.js';

/**
 * Batches of one partition under way at once. A broker remembers the last five of a producer: sent again, each of them is
 * known to be there already (KIP-98).
 */
const MAX_IN_FLIGHT = 5;

/**
 * Another try may cure: partition or leader not known (yet), leader moved, replicas slow or too few, storage failed,
 * epochs of leaders not known, the transaction not verified in time.
 */
export const SEND_CODES: ReadonlySet<number> = new Set([3, 5, 6, 7, 19, 20, 51, 56, 72, 74, 75]);

/** The way to the leaders. */
export interface SendRoute {
  readonly cluster: Cluster;
  readonly outboxTo: (leader: BrokerAddress) => Outbox;
}

/**
 * Sends batches of one partition in order. When one fails in a way another try may cure, it and all behind it are sent
 * again: the broker takes each sequence once, and none before the one it follows, so that nothing is doubled, lost or out of
 * order. What goes to other partitions of the same leader at the same time goes along.
 */
export const sendBatches = async (
  { cluster, outboxTo }: SendRoute,
  target: TopicPartition,
  batches: readonly SequencedBatch[],
): Promise<readonly SentRecords[]> => {
  const sent: SentRecords[] = [];
  const sendNext = async (): Promise<void> => {
    const outbox = outboxTo(await cluster.leaderOf(target));
    const outcomes = await Promise.allSettled(
      batches
        .slice(sent.length, sent.length + MAX_IN_FLIGHT)
        .map((batch) => outbox.send({ ...target, ...batch })),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      sent.push(outcome.value);
    }
  };
  while (sent.length < batches.length) await patiently(cluster, SEND_CODES, sendNext);
  return sent;
};
