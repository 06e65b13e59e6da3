import type { Offset } from '../offset.js';
import type { RecordBatch, TopicPartition } from '../records.js';
import type { StreamsError } from '../streams-error.js';

/** What happens to a member of a consumer group. */
export interface GroupHandlers {
  /** Called at every join, before anything is fetched, with everything paused: seek and resume what shall run. Synchronous. */
  onAssigned(assigned: readonly TopicPartition[]): void;
  /**
   * Resolves to `applied` when the consumer may go on behind this batch, to `dropped` when it has to be fetched again.
   * Never rejects. Nothing more of the partition is fetched until it resolves.
   */
  onBatch(batch: RecordBatch): Promise<'applied' | 'dropped'>;
  /** From `first` to before `next` there was nothing but control or aborted records. */
  onSkipped(partition: TopicPartition, first: Offset, next: Offset): void;
  /** The group confirmed that this member is one of it. */
  onHeartbeat(): void;
  /** The consumer is dead and will not come back. */
  onCrash(error: StreamsError): void;
  /** Partitions whose state is here, asked for at every join. */
  owned(): readonly number[];
}

/** A member of a consumer group, whose handlers say where each partition is read. */
export interface GroupConsumer {
  seekAndResume(partition: TopicPartition, offset: Offset): void;
  pause(partition: TopicPartition): void;
  /** Goes on behind the last batch that was applied. */
  resume(partition: TopicPartition): void;
  /** For lag tools; a failure is not reported. */
  commitForLagTools(partition: TopicPartition, next: Offset): Promise<void>;
  /** Leaves the group. */
  stop(): Promise<void>;
}
