import {
  toReviewCommandRecord,
  topicName,
  type CommandPosition,
  type ConfluentAvro,
  type ReviewCommandRecord,
} from '@reviews/contracts';
import { partitionOf, type ReviewCommand } from '@reviews/domain';
import type { LogAppender } from '@reviews/streams';

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
  return {
    async append(command) {
      const partition = partitionOf(command.courseId, partitions);
      const { offset, appendTimeMs } = await appender.append(
        { topic, partition },
        { key: Buffer.from(command.courseId), value: avro.encode(toReviewCommandRecord(command)) },
      );
      return { position: { partition, offset }, appendTimeMs };
    },
  };
};
