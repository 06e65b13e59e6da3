import { topicPartitionKey, type TopicPartition } from '../records.js';
import { BrokerConnection } from './broker-connection.js';
import type { BrokerAddress, ConnectionOptions } from './connection-options.js';
import { apiVersionsRequest } from './requests/api-versions.js';
import { findCoordinatorRequest, type CoordinatorKind } from './requests/find-coordinator.js';
import { metadataRequest, type Metadata } from './requests/metadata.js';
import { ConnectionError, ProtocolError } from './wire-error.js';

const LEADER_NOT_AVAILABLE = 5;

/** How to reach a cluster. */
export interface ClusterOptions extends ConnectionOptions {
  /** Where to ask first, at least one. */
  readonly brokers: readonly BrokerAddress[];
}

/**
 * The brokers of a cluster as one user sees them: one connection to each it needs, and who leads and coordinates what.
 * Answers are remembered until {@link forget}; nothing is retried.
 */
export class Cluster {
  readonly #options: ClusterOptions;
  /** Brokers heard of, by `host:port`: any of them may be asked who does what. */
  readonly #known = new Map<string, BrokerAddress>();
  readonly #open = new Map<string, BrokerConnection>();
  readonly #opening = new Map<string, Promise<BrokerConnection>>();
  readonly #leaders = new Map<string, BrokerAddress>();
  readonly #coordinators = new Map<string, BrokerAddress>();
  #isClosed = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    for (const address of options.brokers) this.#known.set(hostAndPort(address), address);
  }

  /** Whether {@link close} was called. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** @throws ProtocolError when the partition has no leader, or is not known */
  async leaderOf(target: TopicPartition): Promise<BrokerAddress> {
    const key = topicPartitionKey(target);
    const known = this.#leaders.get(key);
    if (known !== undefined) return known;
    const { brokers, leaders, errors } = await this.metadata([target.topic]);
    for (const [led, nodeId] of leaders) {
      const address = brokers.get(nodeId);
      if (address !== undefined) this.#leaders.set(led, address);
    }
    const leader = this.#leaders.get(key);
    if (leader === undefined)
      throw new ProtocolError(errors.get(target.topic) ?? LEADER_NOT_AVAILABLE, `Leader of ${key}`);
    return leader;
  }

  /** @throws ProtocolError when there is none now */
  async coordinatorOf(kind: CoordinatorKind, id: string): Promise<BrokerAddress> {
    const key = `${kind} ${id}`;
    const known = this.#coordinators.get(key);
    if (known !== undefined) return known;
    const any = await this.anyConnection();
    const address = await any.request(findCoordinatorRequest(kind, id));
    this.#coordinators.set(key, address);
    return address;
  }

  /** What a broker says now of topics. */
  async metadata(topics: readonly string[]): Promise<Metadata> {
    const any = await this.anyConnection();
    const metadata = await any.request(metadataRequest(topics));
    for (const address of metadata.brokers.values()) this.#known.set(hostAndPort(address), address);
    return metadata;
  }

  /**
   * The connection to a broker, made anew when it broke.
   *
   * @throws ConnectionError when it cannot be made
   */
  connectionTo(address: BrokerAddress): Promise<BrokerConnection> {
    const key = hostAndPort(address);
    const open = this.#open.get(key);
    if (open?.isOpen === true) return Promise.resolve(open);
    const opening = this.#opening.get(key) ?? this.#reconnect(key, address);
    this.#opening.set(key, opening);
    return opening;
  }

  /** Leaders and coordinators are asked for again: somebody may have moved. */
  forget(): void {
    this.#leaders.clear();
    this.#coordinators.clear();
  }

  /** Fails what is under way. Never fails itself. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#open.values()) connection.close();
  }

  async #reconnect(key: string, address: BrokerAddress): Promise<BrokerConnection> {
    try {
      const connection = await this.#connect(address);
      this.#open.set(key, connection);
      return connection;
    } finally {
      this.#opening.delete(key);
    }
  }

  async #connect(address: BrokerAddress): Promise<BrokerConnection> {
    this.#mustBeInUse();
    const connection = await BrokerConnection.open(address, this.#options);
    try {
      // A broker that stands still is connected to by its system, and says nothing.
      await connection.request(apiVersionsRequest, this.#options.connectTimeoutMs);
      this.#mustBeInUse();
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** The connection to whichever broker answers first. @throws ConnectionError when none does */
  async anyConnection(): Promise<BrokerConnection> {
    for (const connection of this.#open.values()) if (connection.isOpen) return connection;
    let failure: unknown = new ConnectionError('no broker is known');
    for (const address of [...this.#known.values()])
      try {
        return await this.connectionTo(address);
      } catch (error) {
        failure = error;
        this.#askLast(address);
      }
    throw failure;
  }

  /** Whoever could not be reached is tried behind all others. */
  #askLast(address: BrokerAddress): void {
    const key = hostAndPort(address);
    this.#known.delete(key);
    this.#known.set(key, address);
  }

  #mustBeInUse(): void {
    if (this.#isClosed) throw new ConnectionError('closed by its user');
  }
}

/**
 * How long a broker may wait for its replicas: much shorter than the client waits for the broker, so that an answer that some
 * partitions of a request are slow (REQUEST_TIMED_OUT) comes before all of it is given up.
 */
export const brokerTimeoutMs = ({ requestTimeoutMs }: Pick<ConnectionOptions, 'requestTimeoutMs'>): number =>
  Math.ceil(requestTimeoutMs / 4);

/** `host:port`. */
export const hostAndPort = ({ host, port }: BrokerAddress): string => `${host}:${port}`;
