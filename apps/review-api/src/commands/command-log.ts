import {
  toReviewCommandRecord,
  topicName,
  type CommandPosition,
  type ConfluentAvro,
  type ReviewCommandRecord,
} from '@reviews/contracts';
import { partitionOf, type ReviewCommand } from '@reviews/domain';
import type { BulkAccepted, LogAppender, OutputRecord } from '@reviews/streams';

/** A command that is in the log for good. */
export interface AppendedCommand {
  readonly position: CommandPosition;
  /** The broker's clock. */
  readonly appendTimeMs: number;
}

/** The topic `reviews`, for writing. */
export interface CommandLog {
  /**
   * Writes a command to the partition of its course; calls for one partition keep their order.
   *
   * @throws StreamsError TRANSIENT: it may be in the log all the same; OVERLOADED: it is not
   */
  append(command: ReviewCommand): Promise<AppendedCommand>;
  /**
   * Resolves once the commands are taken in, for which it waits as long as it must. Commands of one course keep their
   * order, also with those of the next call, provided that call comes after this one has resolved.
   *
   * @throws StreamsError TRANSIENT while the log is not open yet: none was taken in
   */
  appendInBulk(commands: readonly ReviewCommand[]): Promise<BulkAccepted>;
}

/** How the topic is laid out. */
export interface CommandTopic {
  readonly prefix: string;
  readonly partitions: number;
}

export const commandLog = (
  appender: LogAppender,
  avro: ConfluentAvro<ReviewCommandRecord>,
  { prefix, partitions }: CommandTopic,
): CommandLog => {
  const topic = topicName(prefix, 'reviews');
  const recordOf = (command: ReviewCommand): OutputRecord => ({
    key: Buffer.from(command.courseId),
    value: avro.encode(toReviewCommandRecord(command)),
  });
  return {
    async append(command) {
      const partition = partitionOf(command.courseId, partitions);
      const { offset, appendTimeMs } = await appender.append({ topic, partition }, recordOf(command));
      return { position: { partition, offset }, appendTimeMs };
    },
    async appendInBulk(commands) {
      const records = new Map<number, OutputRecord[]>();
      for (const command of commands) {
        const partition = partitionOf(command.courseId, partitions);
        const ofPartition = records.get(partition);
        if (ofPartition === undefined) records.set(partition, [recordOf(command)]);
        else ofPartition.push(recordOf(command));
      }
      return appender.appendInBulk(
        [...records].map(([partition, ofPartition]) => ({
          target: { topic, partition },
          records: ofPartition,
        })),
      );
    },
  };
};
