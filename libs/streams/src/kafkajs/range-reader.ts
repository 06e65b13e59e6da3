import type { OffsetRange, RecordHandler } from '../dead-letters/dead-letter-log.js';
import type { Offset } from '../offset.js';
import type { RecordBatch, TopicPartition } from '../records.js';
import { StreamsError } from '../streams-error.js';
import type { GroupConsumer, GroupHandlers } from '../group/group-consumer.js';

/** Without progress for this long a read gives up, in milliseconds. */
const STALL_MS = 30_000;

interface Read {
  readonly source: TopicPartition;
  readonly end: Offset;
  next: Offset;
  readonly onRecords: RecordHandler;
  /** Runs out when nothing comes; off while what came is handled. */
  stall: NodeJS.Timeout | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Reads ranges of a group's partitions, one after the other, with everything else paused. */
export class RangeReader implements GroupHandlers {
  readonly #group: GroupConsumer;
  #read: Read | undefined;
  #dead: StreamsError | undefined;

  constructor(group: GroupConsumer) {
    this.#group = group;
  }

  /** See `DeadLetterLog.read`. */
  async read(source: TopicPartition, { from, end }: OffsetRange, onRecords: RecordHandler): Promise<void> {
    if (from >= end) return;
    if (this.#dead !== undefined) throw this.#dead;
    let read: Read | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        read = { source, end, next: from, onRecords, stall: undefined, resolve, reject };
        this.#read = read;
        watch(read);
        this.#group.seekAndResume(source, from);
      });
    } finally {
      clearTimeout(read?.stall);
      this.#read = undefined;
      this.#group.pause(source);
    }
  }

  onAssigned(): void {
    // The join paused everything.
    if (this.#read !== undefined) this.#group.seekAndResume(this.#read.source, this.#read.next);
  }

  async onBatch(batch: RecordBatch): Promise<'applied' | 'dropped'> {
    const read = this.#readOf(batch);
    if (read === undefined) return 'dropped';
    if (batch.fetchedOffset !== read.next) {
      this.#group.seekAndResume(read.source, read.next);
      return 'dropped';
    }
    clearTimeout(read.stall);
    try {
      const records = batch.records.filter(({ offset }) => offset < read.end);
      if (records.length > 0) await read.onRecords(records);
    } catch (error) {
      read.reject(error);
      return 'dropped';
    }
    this.#advance(read, batch.nextOffset);
    return 'applied';
  }

  onSkipped(partition: TopicPartition, _first: Offset, next: Offset): void {
    const read = this.#readOf(partition);
    if (read !== undefined && next > read.next) this.#advance(read, next);
  }

  onHeartbeat(): void {
    // A group of one has nothing to confirm.
  }

  owned(): readonly number[] {
    // Nobody else is in the group to give it to.
    return [];
  }

  onCrash(error: StreamsError): void {
    this.#dead = error;
    this.#read?.reject(error);
  }

  async stop(): Promise<void> {
    await this.#group.stop();
  }

  #readOf({ topic, partition }: TopicPartition): Read | undefined {
    const source = this.#read?.source;
    return source?.topic === topic && source.partition === partition ? this.#read : undefined;
  }

  #advance(read: Read, next: Offset): void {
    read.next = next;
    if (next >= read.end) read.resolve();
    else watch(read);
  }
}

const watch = (read: Read): void => {
  clearTimeout(read.stall);
  read.stall = setTimeout(() => {
    const { topic, partition } = read.source;
    read.reject(new StreamsError('TRANSIENT', `Reading ${topic}/${partition} stands still at ${read.next}`));
  }, STALL_MS);
};
