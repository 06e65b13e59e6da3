import type { Offset } from '../../offset.js';
import type { TopicPartition } from '../../records.js';
import { BrokerError } from './broker-error.js';
import type { ProducerIdentity } from './producer-states.js';

/** What a transaction coordinator needs of the cluster around it. */
export interface CoordinatorSurroundings {
  schedule(delayMs: number, callback: () => void): void;
  /** How long the next marker is on its way to its partition, in milliseconds; undefined when it is there at once. */
  markerDelayMs(): number | undefined;
  writeMarker(partition: TopicPartition, producer: ProducerIdentity, fate: 'committed' | 'aborted'): void;
  commitOffset(groupId: string, source: TopicPartition, next: Offset): void;
}

interface PendingOffset {
  readonly groupId: string;
  readonly source: TopicPartition;
  readonly next: Offset;
}

interface TransactionalId {
  readonly producerId: number;
  epoch: number;
  timeoutMs: number;
  state: 'empty' | 'ongoing' | 'ending' | 'committed' | 'aborted';
  /** Counts the transactions: a time-out that fires late must not end another one. */
  transaction: number;
  readonly partitions: Map<string, TopicPartition>;
  readonly offsets: PendingOffset[];
}

/** Keeps the transactions of all transactional ids, as Kafka's coordinator does (KIP-98). */
export class TransactionCoordinator {
  readonly #surroundings: CoordinatorSurroundings;
  readonly #ids = new Map<string, TransactionalId>();
  #isMoving = false;
  #producerIds = 0;
  /** Ends of transactions that wait for the coordinator to be back. */
  readonly #postponed: (() => void)[] = [];

  constructor(surroundings: CoordinatorSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Until {@link arrive} it answers nobody, and what it had begun to end stays open. */
  depart(): void {
    this.#isMoving = true;
  }

  arrive(): void {
    this.#isMoving = false;
    for (const end of this.#postponed.splice(0)) end();
  }

  /** @throws BrokerError CONCURRENT_TRANSACTIONS while an older transaction is being ended */
  initProducerId(transactionalId: string, timeoutMs: number): ProducerIdentity {
    this.#mustBeHere();
    const id = this.#ids.get(transactionalId) ?? this.#create(transactionalId, timeoutMs);
    if (id.state === 'ending') throw new BrokerError('CONCURRENT_TRANSACTIONS');
    id.epoch += 1;
    id.timeoutMs = timeoutMs;
    if (id.state === 'ongoing') {
      // The old owner is fenced by now; the new one asks again until the markers are written.
      this.#end(transactionalId, id, 'aborted');
      if (this.#stateOf(id) === 'ending') throw new BrokerError('CONCURRENT_TRANSACTIONS');
    }
    id.state = 'empty';
    return { transactionalId, producerId: id.producerId, epoch: id.epoch };
  }

  addPartition(producer: ProducerIdentity, partition: TopicPartition): void {
    const id = this.#ongoing(producer);
    id.partitions.set(`${partition.topic}/${partition.partition}`, partition);
  }

  addOffset(producer: ProducerIdentity, offset: PendingOffset): void {
    this.#ongoing(producer).offsets.push(offset);
  }

  /** Whether the partition is part of the producer's open transaction: brokers ask before they append (KIP-890). */
  verify(producer: ProducerIdentity, { topic, partition }: TopicPartition): void {
    const id = this.#current(producer);
    if (id.state !== 'ongoing' || !id.partitions.has(`${topic}/${partition}`))
      throw new BrokerError('INVALID_TXN_STATE');
  }

  /** Decides the transaction. Its markers follow, each in its own time. */
  endTransaction(producer: ProducerIdentity, fate: 'committed' | 'aborted'): void {
    this.#mustBeHere();
    const id = this.#current(producer);
    if (id.state === 'ending') throw new BrokerError('CONCURRENT_TRANSACTIONS');
    if (id.state === fate) return;
    if (id.state !== 'ongoing') throw new BrokerError('INVALID_TXN_STATE');
    this.#end(producer.transactionalId, id, fate);
  }

  #create(transactionalId: string, timeoutMs: number): TransactionalId {
    const id: TransactionalId = {
      producerId: this.#producerIds++,
      epoch: -1,
      timeoutMs,
      state: 'empty',
      transaction: 0,
      partitions: new Map(),
      offsets: [],
    };
    this.#ids.set(transactionalId, id);
    return id;
  }

  #ongoing(producer: ProducerIdentity): TransactionalId {
    this.#mustBeHere();
    const id = this.#current(producer);
    if (id.state === 'ending') throw new BrokerError('CONCURRENT_TRANSACTIONS');
    if (id.state !== 'ongoing') this.#begin(producer.transactionalId, id);
    return id;
  }

  #begin(transactionalId: string, id: TransactionalId): void {
    id.state = 'ongoing';
    id.transaction += 1;
    const { transaction } = id;
    this.#surroundings.schedule(id.timeoutMs, () => {
      if (id.state !== 'ongoing' || id.transaction !== transaction) return;
      id.epoch += 1;
      this.#end(transactionalId, id, 'aborted');
    });
  }

  #end(transactionalId: string, id: TransactionalId, fate: 'committed' | 'aborted'): void {
    id.state = 'ending';
    const producer = { transactionalId, producerId: id.producerId, epoch: id.epoch };
    let missing = id.partitions.size;
    const complete = (): void => {
      if (fate === 'committed')
        for (const { groupId, source, next } of id.offsets)
          this.#surroundings.commitOffset(groupId, source, next);
      id.offsets.length = 0;
      id.state = fate;
    };
    if (missing === 0) complete();
    for (const partition of id.partitions.values())
      this.#later(() => {
        this.#surroundings.writeMarker(partition, producer, fate);
        missing -= 1;
        if (missing === 0) complete();
      });
    id.partitions.clear();
  }

  #later(mark: () => void): void {
    const delayMs = this.#surroundings.markerDelayMs();
    const markWhenHere = (): void => {
      if (this.#isMoving) this.#postponed.push(mark);
      else mark();
    };
    if (delayMs === undefined) markWhenHere();
    else this.#surroundings.schedule(delayMs, markWhenHere);
  }

  #current(producer: ProducerIdentity): TransactionalId {
    const id = this.#ids.get(producer.transactionalId);
    if (id === undefined || id.epoch !== producer.epoch) throw new BrokerError('INVALID_PRODUCER_EPOCH');
    return id;
  }

  // A function, because ending a transaction changes the state.
  #stateOf(id: TransactionalId): TransactionalId['state'] {
    return id.state;
  }

  #mustBeHere(): void {
    if (this.#isMoving) throw new BrokerError('NOT_COORDINATOR');
  }
}
