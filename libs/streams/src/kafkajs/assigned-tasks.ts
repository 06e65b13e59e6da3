import type { Kafka } from 'kafkajs';
import type { LogAdmin } from '../admin.js';
import type { Offset } from '../offset.js';
import type { RecordBatch, TopicPartition } from '../records.js';
import { StreamsError } from '../streams-error.js';
import type { StoreSpecs } from '../task/service-definition.js';
import { StreamTask, type TaskStatus } from '../task/stream-task.js';
import type { TaskLog, TaskSource } from '../task/task-log.js';
import { ChangelogReaders } from './changelog-readers.js';
import type { GroupConsumer, GroupHandlers } from './group-consumer.js';
import { membership, type Membership } from './membership.js';
import { fenceWithKafka } from './kafka-transactional-writer.js';
import type { StreamServiceOptions } from './stream-service-options.js';

/** The tasks of the partitions the group has assigned to this process. They come and go with the joins. */
export class AssignedTasks<S extends StoreSpecs, P> implements GroupHandlers {
  readonly #options: StreamServiceOptions<S, P>;
  readonly #group: GroupConsumer;
  readonly #log: TaskLog;
  readonly #readers: ChangelogReaders;
  readonly #membership: Membership;
  readonly #tasks = new Map<number, StreamTask<S, P>>();
  readonly #closing = new Set<Promise<void>>();
  #waitingForConfirmation: (() => void)[] = [];
  #isStopping = false;

  constructor(
    options: StreamServiceOptions<S, P>,
    clients: { kafka: Kafka; admin: LogAdmin },
    group: GroupConsumer,
  ) {
    const topic = options.definition.changelog;
    this.#options = options;
    this.#group = group;
    this.#membership = membership(options.timeouts.sessionTimeoutMs);
    this.#readers = new ChangelogReaders(topic, {
      seekAndResume: (partition, offset) => {
        group.seekAndResume({ topic, partition }, offset);
      },
      pause: (partition) => {
        group.pause({ topic, partition });
      },
    });
    this.#log = taskLogOf(options, clients, this.#readers);
  }

  statuses(): readonly TaskStatus[] {
    return [...this.#tasks.values()].map((task) => task.status);
  }

  /** A member of its group, and every task it was given is running. */
  isHealthy(): boolean {
    return this.#membership.isCurrent() && this.statuses().every(({ state }) => state === 'running');
  }

  /** Finishes open transactions and leaves the group. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#readers.reassign(new Set());
    for (const [partition, task] of this.#tasks) this.#close(partition, task);
    this.#confirmOwnership();
    await Promise.all(this.#closing);
    await this.#group.stop();
  }

  onAssigned(assigned: readonly TopicPartition[]): void {
    if (this.#isStopping) return;
    const { definition, logger } = this.#options;
    const mine = new Set(
      assigned.filter(({ topic }) => topic === definition.source).map(({ partition }) => partition),
    );
    logger.info({ service: definition.applicationId, partitions: [...mine] }, 'assigned');
    this.#readers.reassign(mine);
    for (const [partition, task] of this.#tasks) if (!mine.has(partition)) this.#close(partition, task);
    for (const partition of mine) {
      const kept = this.#tasks.get(partition);
      if (kept === undefined) this.#start(partition);
      else kept.keep();
    }
  }

  onBatch(batch: RecordBatch): Promise<'applied' | 'dropped'> {
    if (batch.topic === this.#options.definition.changelog)
      return Promise.resolve(this.#readers.offer(batch));
    return this.#tasks.get(batch.partition)?.offer(batch) ?? Promise.resolve('dropped');
  }

  onSkipped({ topic, partition }: TopicPartition, next: Offset): void {
    if (topic === this.#options.definition.changelog) this.#readers.skip(partition, next);
    else this.#tasks.get(partition)?.skipTo(next);
  }

  onHeartbeat(): void {
    this.#membership.confirm();
    this.#confirmOwnership();
  }

  onCrash(error: StreamsError): void {
    this.#options.onFatal(error);
  }

  #confirmOwnership(): void {
    const waiting = this.#waitingForConfirmation;
    this.#waitingForConfirmation = [];
    for (const confirm of waiting) confirm();
  }

  #start(partition: number): void {
    const { definition, logger } = this.#options;
    const task = new StreamTask<S, P>({
      definition,
      partition,
      log: this.#log,
      source: this.#sourceOf(partition),
      logger,
      onFatal: (error) => {
        this.#options.onFatal(error);
      },
    });
    this.#tasks.set(partition, task);
  }

  #close(partition: number, task: StreamTask<S, P>): void {
    this.#tasks.delete(partition);
    const closed = task.close().finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }

  #sourceOf(partition: number): TaskSource {
    const source = { topic: this.#options.definition.source, partition };
    return {
      resumeAt: (offset) => {
        this.#group.seekAndResume(source, offset);
      },
      pause: () => {
        this.#group.pause(source);
      },
      ownershipConfirmed: () => new Promise((resolve) => this.#waitingForConfirmation.push(resolve)),
    };
  }
}

const taskLogOf = (
  { timeouts }: Pick<StreamServiceOptions<StoreSpecs, unknown>, 'timeouts'>,
  { kafka, admin }: { kafka: Kafka; admin: LogAdmin },
  readers: ChangelogReaders,
): TaskLog => ({
  fence: (transactionalId) => fenceWithKafka(kafka, transactionalId, timeouts.transactionTimeoutMs),
  readChangelog: ({ partition }, until, onRecords) => readers.read(partition, until, onRecords),
  async offsetsOf({ topic, partition }) {
    const offsets = await admin.offsetsOf(topic);
    const found = offsets.find((offset) => offset.partition === partition);
    if (found === undefined)
      throw new StreamsError('TOPOLOGY_MISMATCH', `${topic} has no partition ${partition}`);
    return found;
  },
});
