import { systemClock } from '../clock.js';
import { Continuity, type Continuation } from '../continuity.js';
import type { StreamLogger } from '../stream-logger.js';
import { offsetOf, type Offset } from '../offset.js';
import { topicPartitionKey, type RecordBatch, type TopicPartition } from '../records.js';
import { asStreamsError, StreamsError } from '../streams-error.js';
import type { GroupConsumer, GroupHandlers } from './group-consumer.js';
import { membership, type Membership } from './membership.js';
import { untilDone } from './patience.js';
import type { PositionedSink } from './positioned-consumer.js';

/** What applying partitions takes. */
export interface AppliedPartitionsOptions {
  readonly groupId: string;
  readonly sink: PositionedSink;
  /** Topics in which offsets may be missing, because they are compacted; default none. */
  readonly compactedTopics?: readonly string[];
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
  readonly #quarantined = new Map<string, TopicPartition>();
  readonly #stopping = new AbortController();
  #partitions = new Map<string, Continuity>();
  #assigned: readonly TopicPartition[] = [];
  /** Counts how often reading began anew: work that was begun for an earlier time is given up. */
  #generation = 0;
  #isStarted = false;
  #failing = 0;

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

  quarantined(): readonly TopicPartition[] {
    return [...this.#quarantined.values()];
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#group.stop();
  }

  onAssigned(assigned: readonly TopicPartition[]): void {
    const keys = new Set(assigned.map(topicPartitionKey));
    // What moved away is no longer ours to report, and may be tried again if it comes back.
    for (const key of this.#quarantined.keys()) if (!keys.has(key)) this.#quarantined.delete(key);
    this.#assigned = assigned;
    this.#start();
  }

  async onBatch(batch: RecordBatch): Promise<'applied' | 'dropped'> {
    const key = topicPartitionKey(batch);
    const continuity = this.#partitions.get(key);
    if (continuity === undefined || this.#quarantined.has(key)) return 'dropped';
    switch (this.#continuation(batch, batch.fetchedOffset, continuity)) {
      case 'continues':
        break;
      case 'jumped':
        return 'dropped';
      case 'lost':
        this.#quarantine(batch, lossOf(batch, batch.fetchedOffset, continuity.next));
        return 'dropped';
    }
    const generation = this.#generation;
    try {
      const outcome = await this.#untilDone(`Applying ${key}`, () => this.#options.sink.apply(batch));
      if (outcome === 'moved' && generation === this.#generation) this.#startOver(batch);
      if (outcome !== 'applied') return 'dropped';
    } catch (error) {
      this.#quarantine(batch, error);
      return 'dropped';
    }
    continuity.advanceTo(batch.nextOffset);
    // Nobody waits for it: a lag that is shown a moment late harms nothing.
    void this.#group.commitForLagTools(batch, batch.nextOffset);
    return 'applied';
  }

  onSkipped(target: TopicPartition, first: Offset, next: Offset): void {
    const key = topicPartitionKey(target);
    const continuity = this.#partitions.get(key);
    if (continuity === undefined || this.#quarantined.has(key)) return;
    const continuation =
      first <= continuity.next ? 'continues' : this.#continuation(target, first, continuity);
    switch (continuation) {
      case 'continues':
        break;
      case 'jumped':
        return;
      case 'lost':
        // Asked for what is next, the broker began behind it: only compaction may have taken away what was there.
        if (this.#options.compactedTopics?.includes(target.topic) === true) break;
        this.#quarantine(target, lossOf(target, first, continuity.next));
        return;
    }
    continuity.advanceTo(next);
  }

  owned(): readonly number[] {
    return [...new Set(this.#assigned.map(({ partition }) => partition))];
  }

  onHeartbeat(): void {
    this.#membership.confirm();
  }

  onCrash(error: StreamsError): void {
    this.#options.onFatal(error);
  }

  /** Asks the sink where it stands, and reads everything assigned from there. */
  #start(): void {
    this.#generation += 1;
    this.#isStarted = false;
    this.#partitions = new Map();
    this.#seekAll(this.#assigned, this.#generation).catch((error: unknown) => {
      this.onCrash(asStreamsError(error, `Group ${this.#options.groupId}`));
    });
  }

  /** One partition found the store elsewhere; the others stand elsewhere, too, and some may get no batch to find out by. */
  #startOver({ topic, partition }: TopicPartition): void {
    const { groupId, logger } = this.#options;
    logger.warn({ groupId, topic, partition }, 'the store has moved: reading on from where it stands now');
    for (const target of this.#assigned) this.#group.pause(target);
    this.#start();
  }

  async #seekAll(assigned: readonly TopicPartition[], generation: number): Promise<void> {
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

  /** @param first where a batch was fetched from, or the first offset of a stretch without anything to read */
  #continuation(target: TopicPartition, first: Offset, continuity: Continuity): Continuation {
    const continuation = continuity.check(first);
    if (continuation === 'jumped') this.#group.seekAndResume(target, continuity.next);
    return continuation;
  }

  #quarantine(target: TopicPartition, error: unknown): void {
    const { topic, partition } = target;
    this.#quarantined.set(topicPartitionKey(target), { topic, partition });
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
    const { signal } = this.#stopping;
    const mine = { isFailing: false };
    try {
      return await untilDone(work, {
        signal,
        isOver: () => signal.aborted || generation !== this.#generation,
        onFailure: (err, waitMs) => {
          if (!mine.isFailing) this.#failing += 1;
          mine.isFailing = true;
          logger.warn({ err, groupId, waitMs }, `${doing} failed, trying again`);
        },
      });
    } finally {
      if (mine.isFailing) this.#failing -= 1;
    }
  }
}

const lossOf = (target: TopicPartition, first: Offset, next: Offset): StreamsError =>
  new StreamsError(
    'SOURCE_TRUNCATED',
    `${topicPartitionKey(target)} continues at ${first} where ${next} is next`,
  );
