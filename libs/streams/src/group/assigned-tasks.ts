import type { Offset } from '../offset.js';
import type { RecordBatch, TopicPartition } from '../records.js';
import type { StreamsError } from '../streams-error.js';
import type { StoreSpecs } from '../task/service-definition.js';
import { StreamTask, type StreamTaskOptions, type TaskStatus } from '../task/stream-task.js';
import type { TaskLog, TaskSource } from '../task/task-log.js';
import { ChangelogReaders } from './changelog-readers.js';
import type { GroupConsumer, GroupHandlers } from './group-consumer.js';
import { membership, type Membership } from './membership.js';

/** What the tasks of a process need. */
export interface AssignedTasksOptions<S extends StoreSpecs, P> extends StreamTaskOptions<S, P> {
  /** After this silence of the group its assignment may be over, in milliseconds. */
  readonly sessionTimeoutMs: number;
}

/** The tasks of the partitions the group has assigned to this process. They come and go with the joins. */
export class AssignedTasks<S extends StoreSpecs, P> implements GroupHandlers {
  readonly #options: AssignedTasksOptions<S, P>;
  readonly #group: GroupConsumer;
  readonly #log: TaskLog;
  readonly #readers: ChangelogReaders;
  readonly #membership: Membership;
  readonly #tasks = new Map<number, StreamTask<S, P>>();
  /** Tasks that are being closed, by partition: the last of each. */
  readonly #closing = new Map<number, Promise<void>>();
  #waitingForConfirmation: (() => void)[] = [];
  #isStopping = false;

  constructor(
    options: AssignedTasksOptions<S, P>,
    log: Pick<TaskLog, 'fence' | 'offsetsOf'>,
    group: GroupConsumer,
  ) {
    const topic = options.definition.changelog;
    const feed = {
      seekAndResume: (partition: number, offset: Offset) => {
        group.seekAndResume({ topic, partition }, offset);
      },
      pause: (partition: number) => {
        group.pause({ topic, partition });
      },
    };
    this.#options = options;
    this.#group = group;
    this.#membership = membership(options.sessionTimeoutMs, options.clock);
    this.#readers = new ChangelogReaders(topic, feed, options.clock);
    this.#log = {
      fence: (transactionalId) => log.fence(transactionalId),
      offsetsOf: (partition) => log.offsetsOf(partition),
      readChangelog: ({ partition }, range, onRecords) => this.#readers.read(partition, range, onRecords),
    };
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
    await Promise.all(this.#closing.values());
    await this.#group.stop();
  }

  onAssigned(assigned: readonly TopicPartition[]): void {
    if (this.#isStopping) return;
    const { definition, logger } = this.#options;
    const mine = new Set(
      assigned.filter(({ topic }) => topic === definition.source).map(({ partition }) => partition),
    );
    const kept = [...mine].filter((partition) => this.#tasks.has(partition));
    logger.info({ service: definition.applicationId, partitions: [...mine], kept }, 'assigned');
    this.#readers.reassign(mine);
    for (const [partition, task] of this.#tasks) if (!mine.has(partition)) this.#close(partition, task);
    for (const partition of mine) {
      const task = this.#tasks.get(partition);
      if (task === undefined) this.#start(partition);
      else task.keep();
    }
  }

  onBatch(batch: RecordBatch): Promise<'applied' | 'dropped'> {
    return Promise.resolve(
      batch.topic === this.#options.definition.changelog
        ? this.#readers.offer(batch)
        : (this.#tasks.get(batch.partition)?.offer(batch) ?? 'dropped'),
    );
  }

  onSkipped({ topic, partition }: TopicPartition, first: Offset, next: Offset): void {
    if (topic === this.#options.definition.changelog) this.#readers.skip(partition, next);
    else this.#tasks.get(partition)?.skip(first, next);
  }

  onHeartbeat(): void {
    this.#membership.confirm();
    this.#confirmOwnership();
  }

  onCrash(error: StreamsError): void {
    this.#options.onFatal(error);
  }

  owned(): readonly number[] {
    return [...this.#tasks.keys()];
  }

  #confirmOwnership(): void {
    const waiting = this.#waitingForConfirmation;
    this.#waitingForConfirmation = [];
    for (const confirm of waiting) confirm();
  }

  #start(partition: number): void {
    // A task that is being closed must not steer the source of the one that came after it.
    const isCurrent = (): boolean => this.#tasks.get(partition) === task;
    const source = this.#sourceOf(partition, isCurrent);
    // Its InitProducerId may still be on its way, and would fence the new one out of the blue.
    const predecessor = this.#closing.get(partition) ?? Promise.resolve();
    const task = new StreamTask<S, P>({ ...this.#options, partition, log: this.#log, source, predecessor });
    this.#tasks.set(partition, task);
  }

  #close(partition: number, task: StreamTask<S, P>): void {
    // What is fetched from now on would be dropped, and fetched again at once.
    this.#group.pause({ topic: this.#options.definition.source, partition });
    this.#tasks.delete(partition);
    const closed = task.close().finally(() => {
      if (this.#closing.get(partition) === closed) this.#closing.delete(partition);
    });
    this.#closing.set(partition, closed);
  }

  #sourceOf(partition: number, isCurrent: () => boolean): TaskSource {
    const source = { topic: this.#options.definition.source, partition };
    return {
      resumeAt: (offset) => {
        if (isCurrent()) this.#group.seekAndResume(source, offset);
      },
      pause: () => {
        if (isCurrent()) this.#group.pause(source);
      },
      resume: () => {
        if (isCurrent()) this.#group.resume(source);
      },
      ownershipConfirmed: () => this.#nextConfirmation(),
      membershipCurrent: () => (this.#membership.isCurrent() ? Promise.resolve() : this.#nextConfirmation()),
    };
  }

  #nextConfirmation(): Promise<void> {
    // Whoever stops waits for nobody.
    if (this.#isStopping) return Promise.resolve();
    return new Promise((resolve) => this.#waitingForConfirmation.push(resolve));
  }
}
