import type { Offset } from '../offset.js';
import { topicPartitionKey, type TopicPartition } from '../records.js';
import type { StreamLogger } from '../stream-logger.js';
import { Cluster, type ClusterOptions } from './cluster.js';
import type { BrokerAddress } from './connection-options.js';
import { FetchDelivery, type FetchHandlers } from './fetch-delivery.js';
import { lanesByBroker } from './fetch-lanes.js';
import { FetchLeaders } from './fetch-leaders.js';
import { logStartRequest } from './fetch-log-start.js';
import { FetchPositions, type Ask } from './fetch-positions.js';
import type { FetchedPartition } from './fetch-request.js';
import { MalformedAnswerError, ProtocolError, wireStreamsError } from './wire-error.js';

const OFFSET_OUT_OF_RANGE = 1;
const LEADER_NOT_AVAILABLE = 5;
const RETRY_MS = 200;

/** The same brokers twice, for requests that wait long and for all others: a cluster has one connection to each. */
interface Clusters {
  readonly patient: Cluster;
  readonly quick: Cluster;
}

/**
 * Fetches committed records of partitions from where it is told to, and goes on behind what was applied. While a
 * partition's records are handled nothing more of it is fetched; the others do not wait for it.
 */
export class Fetcher {
  readonly #clusters: Clusters;
  readonly #logger: StreamLogger;
  readonly #handlers: FetchHandlers;
  readonly #positions = new FetchPositions();
  readonly #delivery: FetchDelivery;
  readonly #leaders: FetchLeaders;
  readonly #lanesTo: ReturnType<typeof lanesByBroker>;
  readonly #retries = new Set<NodeJS.Timeout>();
  #isTurnDue = false;
  #isStopped = false;

  constructor(cluster: ClusterOptions, logger: StreamLogger, handlers: FetchHandlers) {
    this.#clusters = { patient: new Cluster(cluster), quick: new Cluster(cluster) };
    this.#logger = logger;
    this.#handlers = handlers;
    this.#leaders = new FetchLeaders(this.#clusters.quick);
    this.#lanesTo = lanesByBroker(this.#clusters);
    this.#delivery = new FetchDelivery(this.#positions, handlers, () => {
      this.#schedule();
    });
  }

  /** From now on it is these. All are paused until they are sought. */
  assign(targets: readonly TopicPartition[]): void {
    this.#positions.assign(targets);
  }

  /** This one, too. */
  add(target: TopicPartition): void {
    this.#positions.add(target);
  }

  seekAndResume(target: TopicPartition, offset: Offset): void {
    this.#positions.seekAndResume(target, offset);
    this.#schedule();
  }

  pause(target: TopicPartition): void {
    this.#positions.pause(target);
  }

  resume(target: TopicPartition): void {
    this.#positions.resume(target);
    this.#schedule();
  }

  /** Resolves when everything that was handed over is handled. */
  async stop(): Promise<void> {
    this.#halt();
    await this.#delivery.settled();
  }

  #halt(): void {
    this.#isStopped = true;
    for (const retry of this.#retries) clearTimeout(retry);
    this.#clusters.patient.close();
    this.#clusters.quick.close();
  }

  /** Asks for what is wanted, as soon as everything that happens now has happened. */
  #schedule(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    queueMicrotask(() => {
      this.#isTurnDue = false;
      this.#turn();
    });
  }

  #turn(): void {
    if (this.#isStopped || this.#delivery.isFull) return;
    for (const [leader, asks] of this.#leaders.group(this.#positions.wanted()))
      if (leader === undefined) void this.#attempt(asks, () => this.#learnLeaders(asks));
      else this.#fetch(leader, asks);
  }

  #fetch(leader: BrokerAddress, asks: readonly Ask[]): void {
    const answer = this.#lanesTo(leader).fetch(asks);
    if (answer === undefined) return;
    void this.#attempt(asks, async () => {
      this.#take(leader, asks, await answer);
    });
  }

  /** Keeps partitions from being asked for until they are answered; when it fails, a while longer. */
  async #attempt(asks: readonly Ask[], work: () => Promise<void>): Promise<void> {
    for (const ask of asks) this.#positions.ask(ask);
    try {
      await work();
    } catch (error) {
      this.#retryLater(asks, error);
    }
    this.#schedule();
  }

  #take(leader: BrokerAddress, asks: readonly Ask[], answer: readonly FetchedPartition[]): void {
    if (this.#isStopped) return;
    // A broker that throttles says nothing of any partition, and reads no other request for a while (KIP-219).
    if (answer.length === 0) {
      for (const ask of asks) this.#positions.answered(ask);
      return;
    }
    const asked = new Map(asks.map((ask) => [topicPartitionKey(ask.target), ask]));
    if (answer.length !== asked.size)
      throw new MalformedAnswerError('An answer without all that was asked for');
    for (const fetched of answer) {
      const key = topicPartitionKey(fetched.target);
      const ask = asked.get(key);
      if (ask === undefined) throw new MalformedAnswerError(`Nobody asked for ${key}`);
      if (fetched.error === 0) this.#delivery.take(ask, fetched);
      else if (fetched.error === OFFSET_OUT_OF_RANGE)
        void this.#attempt([ask], () => this.#startOver(leader, ask));
      else this.#retryLater([ask], new ProtocolError(fetched.error, `Fetch ${key}`));
    }
  }

  async #learnLeaders(asks: readonly Ask[]): Promise<void> {
    await this.#leaders.learn(asks.map(({ target }) => target));
    for (const ask of asks)
      if (this.#leaders.of(ask.target) !== undefined) this.#positions.answered(ask);
      else this.#retryLater([ask], new ProtocolError(LEADER_NOT_AVAILABLE, topicPartitionKey(ask.target)));
  }

  /** There is no such offset: whoever is given the first record there is finds out whether others are missing. */
  async #startOver(leader: BrokerAddress, ask: Ask): Promise<void> {
    const connection = await this.#clusters.quick.connectionTo(leader);
    this.#positions.advance(ask, await connection.request(logStartRequest(ask.target)));
    this.#positions.answered(ask);
  }

  #retryLater(asks: readonly Ask[], cause: unknown): void {
    if (this.#isStopped) return;
    const error = wireStreamsError(cause, 'Fetch');
    if (error.code !== 'TRANSIENT') {
      this.#halt();
      this.#handlers.onFatal(error);
      return;
    }
    this.#logger.debug({ err: error, partitions: asks.length }, 'fetch failed, trying again');
    // Whoever does not answer may lead no more.
    for (const { target } of asks) this.#leaders.forget(target);
    const retry = setTimeout(() => {
      this.#retries.delete(retry);
      for (const ask of asks) this.#positions.answered(ask);
      this.#schedule();
    }, RETRY_MS);
    this.#retries.add(retry);
  }
}
