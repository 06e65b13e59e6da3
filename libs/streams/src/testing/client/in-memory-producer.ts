import { sleep } from '../../clock.js';
import { topicPartitionKey } from '../../records.js';
import type { Offset } from '../../offset.js';
import type { OutputRecord, TopicPartition } from '../../records.js';
import { StreamsError } from '../../streams-error.js';
import type { SentRecords } from '../../task/task-log.js';
import { ConnectionError, isBrokerError } from '../cluster/broker-error.js';
import type { ProducerIdentity } from '../cluster/producer-states.js';
import type { InMemoryClient } from './in-memory-client.js';

const INIT_ATTEMPTS = 6;
const FIRST_INIT_RETRY_MS = 300;
const SEND_ATTEMPTS = 3;
const OFFSETS_ATTEMPTS = 10;
const RETRY_MS = 20;

/**
 * A transactional producer with kafkajs's ways, the bad ones included: it counts a send that failed as never made, so
 * that the next one re-uses its sequence and may be acknowledged as a duplicate of records nobody kept; and an end of a
 * transaction that failed leaves it in a state nothing leads out of.
 */
export class InMemoryProducer {
  readonly #client: InMemoryClient;
  readonly #transactionalId: string;
  readonly #transactionTimeoutMs: number;
  readonly #sequences = new Map<string, number>();
  readonly #added = new Set<string>();
  #identity: ProducerIdentity | undefined;
  #state: 'ready' | 'transacting' | 'committing' | 'aborting' = 'ready';

  constructor(client: InMemoryClient, transactionalId: string, transactionTimeoutMs: number) {
    this.#client = client;
    this.#transactionalId = transactionalId;
    this.#transactionTimeoutMs = transactionTimeoutMs;
  }

  get isInTransaction(): boolean {
    return this.#state === 'transacting';
  }

  /** Its first transaction fences older producers of the same transactional id. */
  async begin(): Promise<void> {
    if (this.#state !== 'ready')
      throw new StreamsError(
        'FATAL',
        `Cannot call "beginTransaction" in state "${this.#state.toUpperCase()}"`,
      );
    this.#identity ??= await this.#initialize();
    this.#added.clear();
    this.#state = 'transacting';
  }

  /** Makes partitions part of the transaction. */
  async include(targets: readonly TopicPartition[]): Promise<void> {
    const producer = this.#transacting();
    const missing = targets.filter((target) => !this.#added.has(topicPartitionKey(target)));
    if (missing.length === 0) return;
    const keys = missing.map(topicPartitionKey);
    await this.#retried(OFFSETS_ATTEMPTS, () =>
      this.#request('AddPartitionsToTxn', keys.join(' '), () => {
        for (const target of missing) this.#client.cluster.transactions.addPartition(producer, target);
      }),
    );
    for (const key of keys) this.#added.add(key);
  }

  async send(target: TopicPartition, records: readonly OutputRecord[]): Promise<SentRecords> {
    const producer = this.#transacting();
    const key = topicPartitionKey(target);
    await this.include([target]);
    const sequence = this.#sequences.get(key) ?? 0;
    const sent = await this.#retried(SEND_ATTEMPTS, () =>
      this.#request('Produce', key, () => this.#client.cluster.produce(producer, target, sequence, records)),
    );
    this.#sequences.set(key, sequence + records.length);
    return sent;
  }

  /** Anybody may: the group is not asked whether this is one of its members. */
  async sendOffset(groupId: string, source: TopicPartition, next: Offset): Promise<void> {
    const producer = this.#transacting();
    await this.#retried(OFFSETS_ATTEMPTS, () =>
      this.#request('TxnOffsetCommit', topicPartitionKey(source), () => {
        this.#client.cluster.transactions.addOffset(producer, { groupId, source, next });
      }),
    );
    this.#added.add(groupId);
  }

  commit(): Promise<void> {
    return this.#end('committing', 'committed');
  }

  abort(): Promise<void> {
    return this.#end('aborting', 'aborted');
  }

  async #initialize(): Promise<ProducerIdentity> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#request('InitProducerId', '', () =>
          this.#client.cluster.transactions.initProducerId(this.#transactionalId, this.#transactionTimeoutMs),
        );
      } catch (error) {
        if (attempt === INIT_ATTEMPTS || !isBrokerError(error, 'CONCURRENT_TRANSACTIONS', 'NOT_COORDINATOR'))
          throw error;
        await sleep(this.#client.clock, FIRST_INIT_RETRY_MS * 2 ** (attempt - 1));
      }
    }
  }

  // Ending is not retried, and a failure leaves the state as it is: for ever.
  async #end(state: 'committing' | 'aborting', fate: 'committed' | 'aborted'): Promise<void> {
    const producer = this.#transacting();
    this.#state = state;
    if (this.#added.size > 0)
      await this.#request('EndTxn', fate, () => {
        this.#client.cluster.transactions.endTransaction(producer, fate);
      });
    this.#state = 'ready';
  }

  async #retried<T>(attempts: number, attempt: () => Promise<T>): Promise<T> {
    for (let made = 1; ; made++) {
      try {
        return await attempt();
      } catch (error) {
        const isWorthIt =
          error instanceof ConnectionError
            ? this.#client.habits.retriesSend()
            : isBrokerError(error, 'CONCURRENT_TRANSACTIONS', 'NOT_COORDINATOR');
        if (made >= attempts || !isWorthIt) throw error;
        await sleep(this.#client.clock, RETRY_MS);
      }
    }
  }

  #request<T>(
    kind: Parameters<InMemoryClient['network']['request']>[0],
    what: string,
    effect: () => T,
  ): Promise<T> {
    return this.#client.network.request(kind, `${this.#transactionalId} ${what}`, effect);
  }

  #transacting(): ProducerIdentity {
    if (this.#identity === undefined || this.#state !== 'transacting')
      throw new StreamsError('FATAL', `${this.#transactionalId} is in no transaction`);
    return this.#identity;
  }
}
