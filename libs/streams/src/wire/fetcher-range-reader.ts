import { setImmediate as turn } from 'node:timers/promises';
import type { OffsetRange, RecordHandler } from '../dead-letters/dead-letter-log.js';
import type { Offset } from '../offset.js';
import { topicPartitionKey, type RecordBatch, type StreamRecord, type TopicPartition } from '../records.js';
import type { StreamsError } from '../streams-error.js';
import { RangeRead } from './fetcher-range-read.js';
import type { Fetcher } from './fetcher.js';

/** Reads ranges of partitions, any number at once but one of each partition. */
export class RangeReader {
  readonly #fetcher: Pick<Fetcher, 'add' | 'seekAndResume' | 'pause'>;
  readonly #reads = new Map<string, RangeRead>();
  #dead: StreamsError | undefined;

  constructor(fetcher: Pick<Fetcher, 'add' | 'seekAndResume' | 'pause'>) {
    this.#fetcher = fetcher;
  }

  /** See `DeadLetterLog.read`. */
  async read(source: TopicPartition, range: OffsetRange, onRecords: RecordHandler): Promise<void> {
    for await (const records of this.records(source, range)) await onRecords(records);
  }

  /** See `RecordReader.records`. */
  async *records(
    source: TopicPartition,
    { from, end }: OffsetRange,
  ): AsyncGenerator<readonly StreamRecord[]> {
    if (from >= end) return;
    if (this.#dead !== undefined) throw this.#dead;
    const read = new RangeRead(source, from, end);
    const key = topicPartitionKey(source);
    if (this.#reads.has(key)) throw new Error(`${key} is being read already`);
    this.#reads.set(key, read);
    try {
      this.#fetcher.add(source);
      this.#fetcher.seekAndResume(source, from);
      for (;;) {
        const records = await read.take();
        if (records === undefined) return;
        this.#steer(read);
        yield records;
        // Whoever takes what waits already never lets go of the event loop, and nothing more would be fetched meanwhile.
        await turn();
      }
    } finally {
      this.#reads.delete(key);
      if (read.isFetching) this.#fetcher.pause(source);
    }
  }

  onBatch(batch: RecordBatch): Promise<'applied' | 'dropped'> {
    return Promise.resolve(this.#offer(batch));
  }

  onSkipped(partition: TopicPartition, next: Offset): void {
    const read = this.#readOf(partition);
    if (read === undefined || next <= read.next) return;
    read.add([], next);
    this.#steer(read);
  }

  /** Nothing more will come. */
  fail(error: StreamsError): void {
    this.#dead = error;
    for (const read of this.#reads.values()) read.fail(error);
  }

  #readOf(source: TopicPartition): RangeRead | undefined {
    return this.#reads.get(topicPartitionKey(source));
  }

  #offer(batch: RecordBatch): 'applied' | 'dropped' {
    const read = this.#readOf(batch);
    if (read === undefined) return 'dropped';
    if (batch.fetchedOffset !== read.next) {
      if (read.isFetching) this.#fetcher.seekAndResume(read.source, read.next);
      return 'dropped';
    }
    read.add(batch.records, batch.nextOffset);
    this.#steer(read);
    return 'applied';
  }

  #steer(read: RangeRead): void {
    if (read.isFetching && read.hasEnough) {
      read.isFetching = false;
      this.#fetcher.pause(read.source);
    } else if (!read.isFetching && read.needsMore) {
      read.isFetching = true;
      this.#fetcher.seekAndResume(read.source, read.next);
    }
  }
}
