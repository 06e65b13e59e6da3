import {
  offsetOf,
  type AppendedRecord,
  type LogAppender,
  type OutputRecord,
  type StreamsError,
  type TopicPartition,
} from '@reviews/streams';

/** A record of the fake log. */
export interface LoggedRecord extends TopicPartition, OutputRecord {
  readonly offset: number;
}

/** A log in memory whose broker's clock stands still, and which can be lost after some records. */
export class InMemoryLogAppender implements LogAppender {
  readonly records: LoggedRecord[] = [];
  /** Appends that were asked for and not answered yet, at most. */
  peakInFlight = 0;
  private inFlight = 0;
  private readonly nextOffsets = new Map<number, number>();
  private failure: { readonly afterRecords: number; readonly error: StreamsError } | undefined;

  constructor(private readonly appendTimeMs: number) {}

  /** From then on, appending fails. */
  failAfter(afterRecords: number, error: StreamsError): void {
    this.failure = { afterRecords, error };
  }

  async append({ topic, partition }: TopicPartition, record: OutputRecord): Promise<AppendedRecord> {
    this.inFlight += 1;
    this.peakInFlight = Math.max(this.peakInFlight, this.inFlight);
    await new Promise(setImmediate);
    this.inFlight -= 1;
    if (this.failure !== undefined && this.records.length >= this.failure.afterRecords) {
      throw this.failure.error;
    }
    const offset = this.nextOffsets.get(partition) ?? 0;
    this.nextOffsets.set(partition, offset + 1);
    this.records.push({ topic, partition, offset, ...record });
    return { offset: offsetOf(offset), appendTimeMs: this.appendTimeMs };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
