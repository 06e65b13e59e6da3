import type { Offset } from '../offset.js';
import { topicPartitionKey, type OutputRecord, type TopicPartition } from '../records.js';
import { StreamsError } from '../streams-error.js';
import type { SentRecords, TransactionalWriter } from '../task/task-log.js';
import type { WireRequest } from './api.js';
import { askCoordinator } from './asking.js';
import { brokerTimeoutMs, Cluster, type ClusterOptions } from './cluster.js';
import { outboxesByBroker } from './outbox.js';
import { planBatches, type BatchPlan } from './record-batch.js';
import { addOffsetsToTxnRequest } from './requests/add-offsets-to-txn.js';
import { addPartitionsToTxnRequest } from './requests/add-partitions-to-txn.js';
import { commitTxnRequest } from './requests/end-txn.js';
import { initProducerIdRequest, type ProducerIdentity } from './requests/init-producer-id.js';
import type { SequencedBatch } from './requests/produce.js';
import { txnOffsetCommitRequest } from './requests/txn-offset-commit.js';
import { sendBatches, type SendRoute } from './send-batches.js';
import { wireStreamsError } from './wire-error.js';

/** Below the broker's default limit of 1 MB (message.max.bytes), with room to spare. */
const MAX_BATCH_BYTES = 900_000;
/** Sequences begin anew behind 2^31 - 1. */
const SEQUENCES = 2 ** 31;

/** How a writer reaches its cluster. */
export interface WriterOptions extends ClusterOptions {
  /** After this the broker aborts an open transaction. */
  readonly transactionTimeoutMs: number;
}

/** Fences older owners of a transactional id (InitProducerId) and becomes its owner. */
export const fenceOnWire = async (
  options: WriterOptions,
  transactionalId: string,
): Promise<TransactionalWriter> => {
  const { transactionTimeoutMs } = options;
  const cluster = new Cluster(options);
  try {
    const request = initProducerIdRequest(transactionalId, transactionTimeoutMs);
    const identity = await askCoordinator(cluster, 'transaction', transactionalId, request);
    return new WireTransactionalWriter(cluster, identity, brokerTimeoutMs(options));
  } catch (error) {
    cluster.close();
    throw wireStreamsError(error, `Fence ${transactionalId}`);
  }
};

/** What the coordinator was told of an open transaction. */
interface OpenTransaction {
  readonly partitions: Set<string>;
  readonly groups: Set<string>;
}

/** A writer that speaks Kafka's protocol over connections of its own. */
class WireTransactionalWriter implements TransactionalWriter {
  readonly #cluster: Cluster;
  readonly #identity: ProducerIdentity;
  readonly #route: SendRoute;
  /** The sequence of the next record, by partition. */
  readonly #sequences = new Map<string, number>();
  #open: OpenTransaction | undefined;
  /** Why it is worthless. */
  #failure: StreamsError | undefined;

  constructor(cluster: Cluster, identity: ProducerIdentity, timeoutMs: number) {
    this.#cluster = cluster;
    this.#identity = identity;
    this.#route = { cluster, outboxTo: outboxesByBroker(cluster, identity, timeoutMs) };
  }

  async begin(targets: readonly TopicPartition[] = []): Promise<void> {
    if (this.#open !== undefined) this.#failure ??= this.#misuse('begin inside a transaction');
    this.#open ??= { partitions: new Set(), groups: new Set() };
    await this.#doing('begin', (open) => this.#include(open, targets));
  }

  send(target: TopicPartition, records: readonly OutputRecord[]): Promise<SentRecords> {
    const key = topicPartitionKey(target);
    return this.#doing(`send to ${key}`, async (open) => {
      const batches = this.#inSequence(key, planBatches(records, MAX_BATCH_BYTES));
      await this.#include(open, [target]);
      const sent = await sendBatches(this.#route, target, batches);
      const [first, last] = [sent[0], sent.at(-1)];
      if (first === undefined || last === undefined) throw this.#misuse(`nothing to send to ${key}`);
      return { ...last, firstOffset: first.firstOffset };
    });
  }

  sendOffset(groupId: string, source: TopicPartition, next: Offset): Promise<void> {
    return this.#doing('send offsets', async (open) => {
      if (!open.groups.has(groupId))
        await this.#askTransactionCoordinator(addOffsetsToTxnRequest(this.#identity, groupId));
      open.groups.add(groupId);
      const request = txnOffsetCommitRequest(this.#identity, groupId, source, next);
      await askCoordinator(this.#cluster, 'group', groupId, request);
    });
  }

  async commit(): Promise<void> {
    await this.#doing('commit', async ({ partitions, groups }) => {
      if (partitions.size + groups.size === 0) return;
      const { transactionalId } = this.#identity;
      const coordinator = await this.#cluster.coordinatorOf('transaction', transactionalId);
      const connection = await this.#cluster.connectionTo(coordinator);
      // Never retried: its outcome is unknown, and restoring finds it out.
      await connection.request(commitTxnRequest(this.#identity));
    });
    this.#open = undefined;
  }

  discard(): Promise<void> {
    this.#cluster.close();
    return Promise.resolve();
  }

  /** Tells the coordinator, before anything is sent there, which partitions must be ended with the transaction. */
  async #include({ partitions }: OpenTransaction, targets: readonly TopicPartition[]): Promise<void> {
    const missing = targets.filter((target) => !partitions.has(topicPartitionKey(target)));
    if (missing.length === 0) return;
    await this.#askTransactionCoordinator(addPartitionsToTxnRequest(this.#identity, missing));
    for (const target of missing) partitions.add(topicPartitionKey(target));
  }

  #askTransactionCoordinator(request: WireRequest<void>): Promise<void> {
    return askCoordinator(this.#cluster, 'transaction', this.#identity.transactionalId, request);
  }

  /** Gives batches the sequences behind those of all that was sent to the partition. */
  #inSequence(key: string, plans: readonly BatchPlan[]): readonly SequencedBatch[] {
    let next = this.#sequences.get(key) ?? 0;
    const timestampMs = Date.now();
    const batches = plans.map((plan) => {
      const baseSequence = next;
      next = (next + plan.records.length) % SEQUENCES;
      return { plan, baseSequence, timestampMs };
    });
    this.#sequences.set(key, next);
    return batches;
  }

  async #doing<T>(what: string, work: (open: OpenTransaction) => Promise<T>): Promise<T> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#open === undefined) throw this.#misuse(`${what} outside a transaction`);
    try {
      return await work(this.#open);
    } catch (error) {
      this.#failure ??= wireStreamsError(error, `${this.#identity.transactionalId}: ${what}`);
      throw this.#failure;
    }
  }

  #misuse(what: string): StreamsError {
    return new StreamsError('FATAL', `${this.#identity.transactionalId}: ${what}`);
  }
}
