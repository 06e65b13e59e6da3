/** Committed position of a service in one partition; -1 when it never committed. */
type CommittedOffsets = ReadonlyMap<number, number>;

/** What the log says of a topic, and how far its readers are. */
export interface TopicState {
  readonly topic: string;
  /** By partition: the first offset still there and the next to be written. */
  readonly partitions: readonly { readonly partition: number; readonly low: number; readonly high: number }[];
  readonly readers: readonly { readonly service: string; readonly committed: CommittedOffsets }[];
}

/** A topic as it is shown. */
export interface TopicReport {
  readonly topic: string;
  /** Offsets after the last readable record, by partition. */
  readonly ends: readonly number[];
  readonly lag: readonly { readonly service: string; readonly lag: number }[];
}

/** How far each reader is behind: what it has not committed yet, or everything when it never did. */
export const topicReport = ({ topic, partitions, readers }: TopicState): TopicReport => ({
  topic,
  ends: partitions.map(({ high }) => high),
  lag: readers.map(({ service, committed }) => ({
    service,
    lag: partitions.reduce((sum, { partition, low, high }) => {
      const next = committed.get(partition) ?? -1;
      return sum + Math.max(0, high - Math.max(next, low));
    }, 0),
  })),
});
