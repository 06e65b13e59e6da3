import type { TopicPartition } from '../records.js';
import type { SentRecords } from '../task/task-log.js';
import { patiently } from './asking.js';
import type { Cluster } from './cluster.js';
import type { ProducerIdentity } from './requests/init-producer-id.js';
import { produceRequest, type SequencedBatch } from './requests/produce.js';

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

/** Who sends, and to where. */
export interface BatchTarget {
  readonly cluster: Cluster;
  readonly identity: ProducerIdentity;
  readonly target: TopicPartition;
  readonly timeoutMs: number;
}

/**
 * Sends batches in order. When one fails in a way another try may cure, it and all behind it are sent again: the broker
 * takes each sequence once, and none before the one it follows, so that nothing is doubled, lost or out of order.
 */
export const sendBatches = async (
  { cluster, identity, target, timeoutMs }: BatchTarget,
  batches: readonly SequencedBatch[],
): Promise<readonly SentRecords[]> => {
  const sent: SentRecords[] = [];
  const sendNext = async (): Promise<void> => {
    const leader = await cluster.connectionTo(await cluster.leaderOf(target));
    const outcomes = await Promise.allSettled(
      batches
        .slice(sent.length, sent.length + MAX_IN_FLIGHT)
        .map((batch) => leader.request(produceRequest(identity, target, batch, timeoutMs))),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      sent.push(outcome.value);
    }
  };
  while (sent.length < batches.length) await patiently(cluster, SEND_CODES, sendNext);
  return sent;
};
