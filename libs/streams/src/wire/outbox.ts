import { topicPartitionKey } from '../records.js';
import type { SentRecords } from '../task/task-log.js';
import type { BrokerConnection } from './broker-connection.js';
import { hostAndPort, type Cluster } from './cluster.js';
import type { BrokerAddress } from './connection-options.js';
import { produceRequest, type Producer, type TargetedBatch } from './requests/produce.js';
import { ProtocolError } from './wire-error.js';

interface WaitingBatch {
  readonly batch: TargetedBatch;
  readonly resolve: (sent: SentRecords) => void;
  readonly reject: (reason: unknown) => void;
}

/** Batches of one request, by partition: it can hold one of each. */
type Parcel = Map<string, WaitingBatch>;

/**
 * What goes to one broker: batches that are given to it within one turn of microtasks become one request, or, where a
 * partition has several, as many requests as that has, one behind the other.
 */
export class Outbox {
  readonly #connection: () => Promise<Pick<BrokerConnection, 'request'>>;
  readonly #producer: Producer;
  readonly #timeoutMs: number;
  #parcels: Parcel[] = [];

  /** @param timeoutMs how long the broker may wait for its replicas */
  constructor(
    connection: () => Promise<Pick<BrokerConnection, 'request'>>,
    producer: Producer,
    timeoutMs: number,
  ) {
    this.#connection = connection;
    this.#producer = producer;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws ProtocolError, ConnectionError */
  send(batch: TargetedBatch): Promise<SentRecords> {
    return new Promise((resolve, reject) => {
      const isFirst = this.#parcels.length === 0;
      this.#parcelFor(batch).set(topicPartitionKey(batch), { batch, resolve, reject });
      // Nobody waits for it: it fails those who wait for their batches.
      if (isFirst) void this.#flush();
    });
  }

  /** The first behind all that hold a batch of its partition. */
  #parcelFor(batch: TargetedBatch): Parcel {
    const key = topicPartitionKey(batch);
    const index = this.#parcels.findLastIndex((parcel) => parcel.has(key)) + 1;
    return (this.#parcels[index] ??= new Map());
  }

  async #flush(): Promise<void> {
    try {
      const connection = await this.#connection();
      for (const parcel of this.#takeAll()) void this.#post(connection, [...parcel.values()]);
    } catch (error) {
      for (const parcel of this.#takeAll()) rejectAll(parcel.values(), error);
    }
  }

  async #post(
    connection: Pick<BrokerConnection, 'request'>,
    together: readonly WaitingBatch[],
  ): Promise<void> {
    const batches = together.map(({ batch }) => batch);
    try {
      const answers = await connection.request(produceRequest(this.#producer, batches, this.#timeoutMs));
      // The request has made sure that they are as many.
      for (const [index, answer] of answers.entries()) {
        if (answer instanceof ProtocolError) together[index]?.reject(answer);
        else together[index]?.resolve(answer);
      }
    } catch (error) {
      rejectAll(together, error);
    }
  }

  #takeAll(): readonly Parcel[] {
    const taken = this.#parcels;
    this.#parcels = [];
    return taken;
  }
}

const rejectAll = (waiting: Iterable<WaitingBatch>, reason: unknown): void => {
  for (const { reject } of waiting) reject(reason);
};

/** The outbox to each broker, which is the same whenever it is asked for. */
export const outboxesByBroker = (
  cluster: Pick<Cluster, 'connectionTo'>,
  producer: Producer,
  timeoutMs: number,
): ((broker: BrokerAddress) => Outbox) => {
  const known = new Map<string, Outbox>();
  return (broker) => {
    const key = hostAndPort(broker);
    const outbox = known.get(key) ?? new Outbox(() => cluster.connectionTo(broker), producer, timeoutMs);
    known.set(key, outbox);
    return outbox;
  };
};
