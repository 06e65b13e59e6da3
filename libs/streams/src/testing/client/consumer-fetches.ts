import { topicPartitionKey } from '../../records.js';
import { offsetOf, type Offset } from '../../offset.js';
import type { RecordBatch, TopicPartition } from '../../records.js';
import { isBrokerError } from '../cluster/broker-error.js';
import type { InMemoryClient } from './in-memory-client.js';

/** A partition's share of an answer. */
export interface FetchedBatch {
  readonly batch: RecordBatch;
  /** Of the first record, aborted ones and markers included. */
  readonly firstOffset: Offset;
}

/** An answer, or the partition that asked for an offset there is not. */
export type FetchAnswer =
  | { readonly kind: 'fetched'; readonly batches: readonly FetchedBatch[] }
  | { readonly kind: 'out of range'; readonly partition: TopicPartition };

type Wanted = readonly { readonly partition: TopicPartition; readonly from: Offset }[];

/** Sends one fetch; the broker holds it until something can be read, or for `maxWaitMs`. */
export const fetchFrom = (
  client: InMemoryClient,
  wanted: Wanted,
  maxWaitMs: number,
): Promise<FetchAnswer> => {
  const { cluster, network } = client;
  const keys = new Set(wanted.map(({ partition }) => topicPartitionKey(partition)));
  return network.call<FetchAnswer>('Fetch', '', (reply) => {
    const found = look(client, wanted);
    if (found !== undefined) {
      reply(found);
      return;
    }
    const stop = cluster.onChange((key) => {
      if (!keys.has(key)) return;
      const late = look(client, wanted);
      if (late === undefined) return;
      stop();
      cancel();
      reply(late);
    });
    const cancel = cluster.schedule(maxWaitMs, () => {
      stop();
      reply({ kind: 'fetched', batches: [] });
    });
  });
};

const look = ({ cluster, habits }: InMemoryClient, wanted: Wanted): FetchAnswer | undefined => {
  const batches: FetchedBatch[] = [];
  for (const { partition, from } of wanted) {
    const log = cluster.partition(partition);
    try {
      const slice = cluster.fetch(partition, from, habits.recordsPerFetch());
      if (slice === undefined) continue;
      const { records, firstOffset, nextOffset } = slice;
      const { topic, partition: number } = partition;
      const batch = {
        topic,
        partition: number,
        records,
        fetchedOffset: from,
        nextOffset,
        highWatermark: log.highWatermark,
      };
      batches.push({ batch, firstOffset });
    } catch (error) {
      if (!isBrokerError(error, 'OFFSET_OUT_OF_RANGE')) throw error;
      return { kind: 'out of range', partition };
    }
  }
  return batches.length === 0 ? undefined : { kind: 'fetched', batches };
};

/** Where a group stands on each of these partitions, or their starts where it stands nowhere. */
export const groupOffsets = async (
  { cluster, network }: InMemoryClient,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<readonly Offset[]> => {
  const committed = await network.request('OffsetFetch', groupId, () =>
    partitions.map((partition) => cluster.groupOffset(groupId, partition)),
  );
  if (!committed.includes(undefined)) return committed.map((offset) => offset ?? offsetOf(0));
  return network.request('ListOffsets', groupId, () =>
    partitions.map((partition, index) => committed[index] ?? cluster.partition(partition).low),
  );
};
