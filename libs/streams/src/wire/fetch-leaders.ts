import { topicPartitionKey, type TopicPartition } from '../records.js';
import { hostAndPort, type Cluster } from './cluster.js';
import type { BrokerAddress } from './connection-options.js';

interface Targeted {
  readonly target: TopicPartition;
}

/** Who leads the partitions that are read, as far as is known. */
export class FetchLeaders {
  readonly #cluster: Pick<Cluster, 'metadata'>;
  /** By `host:port`: one object for each broker, however often it is heard of. */
  readonly #brokers = new Map<string, BrokerAddress>();
  readonly #leaders = new Map<string, BrokerAddress>();

  constructor(cluster: Pick<Cluster, 'metadata'>) {
    this.#cluster = cluster;
  }

  /** Undefined when it has to be asked for. */
  of(target: TopicPartition): BrokerAddress | undefined {
    return this.#leaders.get(topicPartitionKey(target));
  }

  /** What belongs to the same leader, in the order it came; undefined stands for all that have to be asked for. */
  group<T extends Targeted>(items: readonly T[]): ReadonlyMap<BrokerAddress | undefined, readonly T[]> {
    const groups = new Map<BrokerAddress | undefined, T[]>();
    for (const item of items) {
      const leader = this.of(item.target);
      const group = groups.get(leader);
      if (group === undefined) groups.set(leader, [item]);
      else group.push(item);
    }
    return groups;
  }

  /** Its leader turned out not to be it, or not to answer. */
  forget(target: TopicPartition): void {
    this.#leaders.delete(topicPartitionKey(target));
  }

  /** Asks who leads these and all others of their topics. Partitions without a leader stay unknown. */
  async learn(targets: readonly TopicPartition[]): Promise<void> {
    const topics = [...new Set(targets.map(({ topic }) => topic))];
    const { brokers, leaders } = await this.#cluster.metadata(topics);
    for (const [key, nodeId] of leaders) {
      const address = brokers.get(nodeId);
      if (address !== undefined) this.#leaders.set(key, this.#known(address));
    }
  }

  #known(address: BrokerAddress): BrokerAddress {
    const key = hostAndPort(address);
    const known = this.#brokers.get(key) ?? address;
    this.#brokers.set(key, known);
    return known;
  }
}
