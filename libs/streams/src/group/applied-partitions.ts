import { systemClock } from '../clock.js';
import { Continuity } from '../continuity.js';
import type { StreamLogger } from '../stream-logger.js';
import { offsetOf, type Offset } from '../offset.js';
import { topicPartitionKey, type RecordBatch, type TopicPartition } from '../records.js';
import { asStreamsError, fateOf, StreamsError } from '../streams-error.js';
import type { GroupConsumer, GroupHandlers } from './group-consumer.js';
import { membership, type Membership } from './membership.js';
import type { PositionedSink } from './positioned-consumer.js';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

/** What applying partitions takes. */
export interface AppliedPartitionsOptions {
  readonly groupId: string;
  readonly sink: PositionedSink;
  readonly timeouts: { readonly sessionTimeoutMs: number };
  readonly logger: StreamLogger;
  /** The consumer cannot go on: end the process. */
  onFatal(error: StreamsError): void;
}

/** The partitions the group has assigned to this process, each read from where the sink says it stands. */
export class AppliedPartitions implements GroupHandlers {
  readonly #options: AppliedPartitionsOptions;
  readonly #group: GroupConsumer;
  readonly #membership: Membership;
  readonly #quarantined = new Set<string>();
  #partitions = new Map<string, Continuity>();
  #assigned: readonly number[] = [];
  /** Counts the joins: work that was begun for an earlier one is given up. */
  #generation = 0;
  #isStarted = false;
  #failing = 0;
  #isStopped = false;

  constructor(options: AppliedPartitionsOptions, group: GroupConsumer) {
    this.#options = options;
    this.#group = group;
    this.#membership = membership(options.timeouts.sessionTimeoutMs, systemClock);
  }

  isHealthy(): boolean {
    return (
      this.#membership.isCurrent() && this.#isStarted && this.#failing === 0 && this.#quarantined.size === 0
    );
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#group.stop();
  }

  onAssigned(assigned: readonly TopicPartition[]): void {
    this.#generation += 1;
    this.#isStarted = false;
    this.#partitions = new Map();
    const keys = new Set(assigned.map(topicPartitionKey));
    // What moved away is no longer ours to report, and may be tried again if it comes back.
    for (const key of this.#quarantined) if (!keys.has(key)) this.#quarantined.delete(key);
    this.#assigned = [...new Set(assigned.map(({ partition }) => partition))];
    this.#start(assigned, this.#generation).catch((error: unknown) => {
      this.onCrash(asStreamsError(error, `Group ${this.#options.groupId}`));
    });
  }

  async onBatch(batch: RecordBatch): Promise<'applied' | 'dropped'> {
    const key = topicPartitionKey(batch);
    const partition = this.#partitions.get(key);
    if (partition === undefined || this.#quarantined.has(key) || !this.#isContinuous(batch, partition))
      return 'dropped';
    try {
      const applied = await this.#untilDone(`Applying ${key}`, async () => {
        await this.#options.sink.apply(batch);
        return true;
      });
      if (applied === undefined) return 'dropped';
    } catch (error) {
      this.#quarantine(batch, error);
      return 'dropped';
    }
    partition.advanceTo(batch.nextOffset);
    // Nobody waits for it: a lag that is shown a moment late harms nothing.
    void this.#group.commitForLagTools(batch, batch.nextOffset);
    return 'applied';
  }

  onSkipped(target: TopicPartition, _first: Offset, next: Offset): void {
    this.#partitions.get(topicPartitionKey(target))?.advanceTo(next);
  }

  owned(): readonly number[] {
    return this.#assigned;
  }

  onHeartbeat(): void {
    this.#membership.confirm();
  }

  onCrash(error: StreamsError): void {
    this.#options.onFatal(error);
  }

  async #start(assigned: readonly TopicPartition[], generation: number): Promise<void> {
    const positions = await this.#untilDone('Reading the positions', () =>
      this.#options.sink.positionsOf(assigned),
    );
    if (positions === undefined || generation !== this.#generation) return;
    for (const target of assigned) {
      const key = topicPartitionKey(target);
      const next = positions.get(key) ?? offsetOf(0);
      this.#partitions.set(key, new Continuity(next));
      if (!this.#quarantined.has(key)) this.#group.seekAndResume(target, next);
    }
    this.#isStarted = true;
    this.#options.logger.info({ groupId: this.#options.groupId, partitions: assigned.length }, 'assigned');
  }

  #isContinuous(batch: RecordBatch, partition: Continuity): boolean {
    const { next } = partition;
    switch (partition.check(batch.fetchedOffset)) {
      case 'continues':
        return true;
      case 'jumped':
        this.#group.seekAndResume(batch, next);
        return false;
      case 'lost':
        this.#quarantine(
          batch,
          new StreamsError(
            'SOURCE_TRUNCATED',
            `${topicPartitionKey(batch)} continues at ${batch.fetchedOffset} where ${next} is next`,
          ),
        );
        return false;
    }
  }

  #quarantine(target: TopicPartition, error: unknown): void {
    const { topic, partition } = target;
    this.#quarantined.add(topicPartitionKey(target));
    this.#group.pause(target);
    this.#options.logger.error(
      { err: error, groupId: this.#options.groupId, topic, partition },
      'quarantined: this partition is stopped, the others go on',
    );
  }

  /** Repeats until it succeeds; undefined when the assignment it was for is over. */
  async #untilDone<T>(doing: string, work: () => Promise<T>): Promise<T | undefined> {
    const generation = this.#generation;
    const { groupId, logger } = this.#options;
    let failures = 0;
    try {
      while (!this.#isStopped && generation === this.#generation) {
        try {
          return await work();
        } catch (error) {
          if (error instanceof StreamsError && fateOf(error.code) !== 'fence') throw error;
          if (failures === 0) this.#failing += 1;
          failures += 1;
          const waitMs =
            Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS) * (0.5 + Math.random() / 2);
          logger.warn({ err: error, groupId, waitMs }, `${doing} failed, trying again`);
          await new Promise((later) => setTimeout(later, waitMs));
        }
      }
      return undefined;
    } finally {
      if (failures > 0) this.#failing -= 1;
    }
  }
}
