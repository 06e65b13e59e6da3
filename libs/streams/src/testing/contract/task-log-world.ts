import type { GroupConsumer, GroupHandlers } from '../../group/group-consumer.js';
import type { Offset } from '../../offset.js';
import { topicPartitionKey, type RecordBatch, type TopicPartition } from '../../records.js';
import type { StreamsError } from '../../streams-error.js';
import type { TaskLog } from '../../task/task-log.js';

/** What becomes of the next request of a kind: the broker never sees it, or does it and nobody hears. */
export type Cut = 'cut request' | 'cut response';

/** A log with everything around it that the contract of {@link TaskLog} asks about. */
export interface TaskLogWorld {
  readonly log: Pick<TaskLog, 'fence' | 'offsetsOf'>;
  /** Makes topics with so many partitions, which keep what the broker's clock says, under names nobody else has. */
  newTopics(count: number, partitions: number): Promise<readonly string[]>;
  /** A name nobody else has, for transactional ids and groups. */
  newName(): string;
  /** Appends outside any transaction. */
  append(target: TopicPartition, ...values: readonly string[]): Promise<void>;
  /** Texts of the committed values of partition 0. */
  committed(topic: string): Promise<readonly string[]>;
  /** What a group has committed for a partition; undefined when nothing. */
  groupOffset(groupId: string, target: TopicPartition): Promise<number | undefined>;
  /** Joins a group with topics of so many partitions. */
  join(
    groupId: string,
    topics: readonly string[],
    partitions: number,
    handlersOf: (group: GroupConsumer) => GroupHandlers,
  ): Promise<void>;
  /** What becomes of the next such request of any writer; once. */
  cutNext(kind: 'Produce' | 'EndTxn', cut: Cut): void;
  /** Lets time pass until it does not throw. */
  eventually(check: () => void | Promise<void>): Promise<void>;
  /** Lets this much time pass. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** A member that writes down what happens to it. */
export interface RecordingMember extends GroupHandlers {
  readonly group: GroupConsumer;
  readonly joins: (readonly TopicPartition[])[];
  readonly batches: RecordBatch[];
  readonly skips: { readonly partition: string; readonly first: Offset; readonly next: Offset }[];
  readonly crashes: StreamsError[];
  heartbeats: number;
  /** What it says to the next batches. */
  answer: 'applied' | 'dropped';
  /** What it does at a join; default: nothing, so that everything stays paused. */
  atJoin: (assigned: readonly TopicPartition[]) => void;
}

/** A member that stays paused until it is steered, and says yes to every batch. */
export const recordingMember = (group: GroupConsumer): RecordingMember => {
  const member: RecordingMember = {
    group,
    joins: [],
    batches: [],
    skips: [],
    crashes: [],
    heartbeats: 0,
    answer: 'applied',
    atJoin: () => undefined,
    onAssigned(assigned) {
      member.joins.push(assigned);
      member.atJoin(assigned);
    },
    onBatch(batch) {
      member.batches.push(batch);
      return Promise.resolve(member.answer);
    },
    onSkipped(partition, first, next) {
      member.skips.push({ partition: topicPartitionKey(partition), first, next });
    },
    onHeartbeat() {
      member.heartbeats += 1;
    },
    onCrash(error) {
      member.crashes.push(error);
    },
    owned: () => [...new Set(member.joins.at(-1)?.map(({ partition }) => partition))],
  };
  return member;
};
