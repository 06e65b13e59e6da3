import type { AppendProducer } from '../append/append-producer.js';
import { systemClock } from '../clock.js';
import type { TargetedRecords } from '../log-appender.js';
import { topicPartitionKey, type TopicPartition } from '../records.js';
import type { SentRecords } from '../task/task-log.js';
import { COORDINATOR_CODES } from './asking.js';
import { brokerTimeoutMs, Cluster, hostAndPort, type ClusterOptions } from './cluster.js';
import { outboxesByBroker, type Outbox } from './outbox.js';
import { planBatch } from './record-batch.js';
import { newProducerIdRequest, type ProducerId } from './requests/new-producer-id.js';
import type { TargetedBatch } from './requests/produce.js';
import { retried, type RetryPolicy } from './retried.js';
import { SEND_CODES } from './send-batches.js';
import { ConnectionError, ProtocolError, wireStreamsError } from './wire-error.js';

/** Sequences begin anew behind 2^31 - 1. */
const SEQUENCES = 2 ** 31;
const RETRIES: RetryPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  firstPauseMs: 20,
  factor: 2,
  maxPauseMs: 500,
};
/** As long as nobody has asked who leads a partition. */
const UNKNOWN_ROUTE = '';
const NO_TRANSACTIONS = null;

/** How a producer reaches its cluster. */
export interface IdempotentOptions extends ClusterOptions {
  /** After this no other try begins. */
  readonly giveUpAfterMs: number;
}

/**
 * Connects a producer that appends outside of transactions. What a leader gets in one turn goes in one request; what may or
 * may not be there is sent again under the same sequence, and is there once.
 */
export const openIdempotentProducer = async (options: IdempotentOptions): Promise<AppendProducer> => {
  const cluster = new Cluster(options);
  const untilGivenUp = patience(cluster, options.giveUpAfterMs);
  try {
    // A broker that has no ids left, as a young one, fetches some more: it calls that a coordinator that is loading.
    const id = await untilGivenUp(COORDINATOR_CODES, () => newProducerId(cluster));
    return idempotentProducer(cluster, id, brokerTimeoutMs(options), untilGivenUp);
  } catch (error) {
    cluster.close();
    throw wireStreamsError(error, 'Connect to append');
  }
};

/** Tries again after a connection that broke, or a code of these. */
type Patience = <T>(codes: ReadonlySet<number>, work: () => Promise<T>) => Promise<T>;

const patience =
  (cluster: Cluster, giveUpAfterMs: number): Patience =>
  (codes, work) => {
    const endMs = performance.now() + giveUpAfterMs;
    return retried(RETRIES, systemClock, work, (error) => {
      const isCurable =
        error instanceof ConnectionError || (error instanceof ProtocolError && codes.has(error.code));
      if (cluster.isClosed || performance.now() > endMs || !isCurable) return false;
      cluster.forget();
      return true;
    });
  };

/** Any broker gives one: best the first that answers at all. */
const newProducerId = async (cluster: Cluster): Promise<ProducerId> =>
  (await cluster.anyConnection()).request(newProducerIdRequest);

const idempotentProducer = (
  cluster: Cluster,
  id: ProducerId,
  brokerPatienceMs: number,
  untilGivenUp: Patience,
): AppendProducer => {
  const outboxTo = outboxesByBroker(cluster, { ...id, transactionalId: NO_TRANSACTIONS }, brokerPatienceMs);
  const routes = new Map<string, string>();
  /** The sequence of the next record, by partition. */
  const sequences = new Map<string, number>();

  const inSequence = ({ target, records }: TargetedRecords): TargetedBatch => {
    const key = topicPartitionKey(target);
    const baseSequence = sequences.get(key) ?? 0;
    sequences.set(key, (baseSequence + records.length) % SEQUENCES);
    return { ...target, plan: planBatch(records), baseSequence, timestampMs: Date.now() };
  };

  const outboxOf = async (target: TopicPartition): Promise<Outbox> => {
    const leader = await cluster.leaderOf(target);
    routes.set(topicPartitionKey(target), hostAndPort(leader));
    return outboxTo(leader);
  };

  const append = async (batch: TargetedBatch): Promise<SentRecords> => {
    try {
      return await untilGivenUp(SEND_CODES, async () => (await outboxOf(batch)).send(batch));
    } catch (error) {
      throw wireStreamsError(error, `Append to ${topicPartitionKey(batch)}`);
    }
  };

  return {
    routeOf: (target) => routes.get(topicPartitionKey(target)) ?? UNKNOWN_ROUTE,
    send: (batches) => batches.map((batch) => append(inSequence(batch))),
    disconnect() {
      cluster.close();
    },
  };
};
