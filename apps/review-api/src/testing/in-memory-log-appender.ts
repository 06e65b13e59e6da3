import {
  offsetOf,
  type AppendedRecord,
  type AppendSize,
  type BulkAccepted,
  type BulkOutcome,
  type LogAppender,
  type OutputRecord,
  type StreamsError,
  type TargetedRecords,
  type TopicPartition,
} from '@reviews/streams';

/** A record of the fake log. */
export interface LoggedRecord extends TopicPartition, OutputRecord {
  readonly offset: number;
}

/** A log in memory whose broker's clock stands still, and which can be lost after some records, or have no room. */
export class InMemoryLogAppender implements LogAppender {
  readonly records: LoggedRecord[] = [];
  private readonly nextOffsets = new Map<number, number>();
  private failure: { readonly afterRecords: number; readonly error: StreamsError } | undefined;
  private room: Promise<void> = Promise.resolve();
  private confirmation: Promise<void> = Promise.resolve();

  constructor(private readonly appendTimeMs: number) {}

  /** From then on, appending fails. */
  failAfter(afterRecords: number, error: StreamsError): void {
    this.failure = { afterRecords, error };
  }

  /** Bulk appends wait for room from now on. Returns what gives it to them. */
  fill(): () => void {
    const gate = gateOf();
    this.room = gate.opened;
    return gate.open;
  }

  /** Nothing is confirmed from now on. Returns what confirms it. */
  hold(): () => void {
    const gate = gateOf();
    this.confirmation = gate.opened;
    return gate.open;
  }

  async append(target: TopicPartition, record: OutputRecord): Promise<AppendedRecord> {
    await new Promise(setImmediate);
    await this.confirmation;
    return { offset: offsetOf(this.put(target, record)), appendTimeMs: this.appendTimeMs };
  }

  async appendInBulk(records: readonly TargetedRecords[]): Promise<BulkAccepted> {
    await this.room;
    return { outcome: this.putAll(records) };
  }

  queued(): AppendSize {
    return { records: 0, bytes: 0 };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async putAll(bulk: readonly TargetedRecords[]): Promise<BulkOutcome> {
    await new Promise(setImmediate);
    await this.confirmation;
    let appended = 0;
    let failure: StreamsError | undefined;
    for (const { target, records } of bulk) {
      for (const record of records) {
        try {
          this.put(target, record);
          appended += 1;
        } catch (error) {
          failure = error as StreamsError;
        }
      }
    }
    return { appended, failure };
  }

  private put({ topic, partition }: TopicPartition, record: OutputRecord): number {
    if (this.failure !== undefined && this.records.length >= this.failure.afterRecords) {
      throw this.failure.error;
    }
    const offset = this.nextOffsets.get(partition) ?? 0;
    this.nextOffsets.set(partition, offset + 1);
    this.records.push({ topic, partition, offset, ...record });
    return offset;
  }
}

const gateOf = (): { readonly opened: Promise<void>; readonly open: () => void } => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return {
    opened,
    open: () => {
      open();
    },
  };
};
