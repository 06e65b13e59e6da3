import { sleep } from '../../clock.js';
import type { ConsumerTimeouts } from '../../group/consumer-timeouts.js';
import type { GroupConsumer, GroupHandlers } from '../../group/group-consumer.js';
import { topicPartitionKey } from '../../records.js';
import type { Offset } from '../../offset.js';
import type { TopicPartition } from '../../records.js';
import { StreamsError } from '../../streams-error.js';
import { isBrokerError } from '../cluster/broker-error.js';
import { fetchFrom, groupOffsets, type FetchedBatch } from './consumer-fetches.js';
import { ConsumerPositions } from './consumer-positions.js';
import { GroupMembership } from './group-membership.js';
import type { InMemoryClient } from './in-memory-client.js';

export interface InMemoryConsumerOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly partitions: number;
  readonly timeouts: ConsumerTimeouts;
  /** Brokers that lead the partitions in turn; one fetch at a time goes to each. */
  readonly brokers: number;
}

const MAX_WAIT_MS = 500;
const RETRY_MS = 100;
const RESTART_MS = 1_000;

/** A member of a consumer group that fetches, pauses, seeks and rejoins as kafkajs does. */
export class InMemoryConsumer implements GroupConsumer {
  readonly #client: InMemoryClient;
  readonly #options: InMemoryConsumerOptions;
  readonly #handlers: GroupHandlers;
  readonly #membership: GroupMembership;
  readonly #ended: Promise<void>;
  #positions: ConsumerPositions | undefined;
  #isStopped = false;

  constructor(
    client: InMemoryClient,
    options: InMemoryConsumerOptions,
    handlersOf: (group: GroupConsumer) => GroupHandlers,
  ) {
    this.#client = client;
    this.#options = options;
    this.#membership = new GroupMembership(client, options.groupId, options.partitions, options.timeouts);
    this.#handlers = handlersOf(this);
    this.#ended = this.#live();
  }

  seekAndResume(partition: TopicPartition, offset: Offset): void {
    this.#positions?.seek(partition, offset);
    this.#positions?.resume(partition);
  }

  pause(partition: TopicPartition): void {
    this.#positions?.pause(partition);
  }

  resume(partition: TopicPartition): void {
    this.#positions?.resume(partition);
  }

  async commitForLagTools(partition: TopicPartition, next: Offset): Promise<void> {
    const { cluster, network } = this.#client;
    const { groupId } = this.#options;
    const commit = (): void => {
      cluster.group(groupId).commitOffset(topicPartitionKey(partition), next);
    };
    await network.request('OffsetCommit', groupId, commit).catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#ended;
    await this.#membership.leave().catch(() => undefined);
  }

  async #live(): Promise<void> {
    // Whoever made the consumer gets hold of it first.
    await this.#client.clock.turn();
    while (!this.#isStopped) {
      try {
        await this.#consume(await this.#join());
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  async #join(): Promise<ConsumerPositions> {
    const assigned = await this.#membership.join(this.#handlers.owned());
    const partitions = this.#options.topics.flatMap((topic) =>
      assigned.map((partition) => ({ topic, partition })),
    );
    const positions = this.#positions ?? new ConsumerPositions();
    this.#positions = positions;
    positions.assign(partitions);
    // The first fetch after a join would start at the group's offsets, which are never a place to resume.
    for (const partition of partitions) positions.pause(partition);
    this.#handlers.onHeartbeat();
    this.#handlers.onAssigned(partitions);
    return positions;
  }

  async #recover(error: unknown): Promise<void> {
    if (isBrokerError(error, 'REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION')) return;
    if (isBrokerError(error, 'UNKNOWN_MEMBER_ID')) {
      this.#membership.forget();
      return;
    }
    if (error instanceof StreamsError) {
      this.#isStopped = true;
      this.#handlers.onCrash(error);
      return;
    }
    if (!this.#client.habits.crashesConsumer()) {
      await sleep(this.#client.clock, RETRY_MS);
      return;
    }
    // It starts anew, as another member: for a while there is nothing to steer.
    this.#positions = undefined;
    this.#membership.forget();
    await sleep(this.#client.clock, RESTART_MS);
  }

  /** One fetcher per broker, until one fails; the others end what they are doing first. */
  async #consume(positions: ConsumerPositions): Promise<void> {
    let isRunning = true;
    const fetchers = Array.from({ length: this.#options.brokers }, async (_, broker) => {
      try {
        while (isRunning && !this.#isStopped) await this.#turn(positions, broker);
      } finally {
        isRunning = false;
      }
    });
    const ends = await Promise.allSettled(fetchers);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async #turn(positions: ConsumerPositions, broker: number): Promise<void> {
    const fetched = await this.#fetch(positions, broker);
    if (this.#isStopped) return;
    // All are offered at once, and nothing else is fetched from this broker until all are dealt with.
    const handled = await Promise.allSettled(fetched.map((batch) => this.#handle(positions, batch)));
    for (const end of handled) if (end.status === 'rejected') throw end.reason;
    if (fetched.length === 0) await this.#heartbeat();
  }

  async #fetch(positions: ConsumerPositions, broker: number): Promise<readonly FetchedBatch[]> {
    const led = positions.assigned.filter((partition) => this.#leaderOf(partition) === broker);
    positions.applySeeks(led);
    await this.#learnGroupOffsets(positions);
    const wanted = positions.fetchable(led);
    if (wanted.length === 0) {
      await sleep(this.#client.clock, MAX_WAIT_MS);
      return [];
    }
    try {
      const answer = await fetchFrom(this.#client, wanted, MAX_WAIT_MS);
      if (answer.kind === 'out of range') {
        positions.forget(answer.partition);
        await this.#commitStart(answer.partition);
        return [];
      }
      return answer.batches.filter(({ batch }) => !positions.isSought(batch) && !positions.isPaused(batch));
    } catch {
      // A broken connection is made anew by the next fetch.
      return [];
    }
  }

  async #learnGroupOffsets(positions: ConsumerPositions): Promise<void> {
    const unknown = positions.unknown();
    if (unknown.length === 0) return;
    const offsets = await groupOffsets(this.#client, this.#options.groupId, unknown);
    for (const [index, partition] of unknown.entries()) {
      const offset = offsets[index];
      if (offset !== undefined) positions.learn(partition, offset);
    }
  }

  // OFFSET_OUT_OF_RANGE: the default offset is committed, whatever autoCommit says.
  async #commitStart(partition: TopicPartition): Promise<void> {
    const { cluster } = this.#client;
    await this.commitForLagTools(partition, cluster.partition(partition).low);
  }

  async #handle(positions: ConsumerPositions, { batch, firstOffset }: FetchedBatch): Promise<void> {
    if (batch.records.length === 0) {
      positions.resolve(batch, batch.nextOffset);
      this.#handlers.onSkipped(batch, firstOffset, batch.nextOffset);
    } else if (!positions.isSought(batch)) {
      const outcome = await this.#handlers.onBatch(batch);
      if (outcome === 'applied' && !positions.isSought(batch)) positions.resolve(batch, batch.nextOffset);
    }
    await this.#heartbeat();
  }

  async #heartbeat(): Promise<void> {
    if (await this.#membership.heartbeat()) this.#handlers.onHeartbeat();
  }

  #leaderOf({ topic, partition }: TopicPartition): number {
    return (partition + topic.length) % this.#options.brokers;
  }
}
