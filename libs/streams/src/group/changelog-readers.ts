import type { Clock } from '../clock.js';
import { Continuity } from '../continuity.js';
import type { Offset } from '../offset.js';
import type { RecordBatch, StreamRecord } from '../records.js';
import { StreamsError } from '../streams-error.js';

/** Without progress for this long a restore gives up. */
const STALL_MS = 30_000;
const STALL_CHECK_MS = 1_000;

interface Reader {
  readonly continuity: Continuity;
  readonly until: Offset;
  readonly onRecords: (records: readonly StreamRecord[]) => void;
  progressedAtMs: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What the readers need of the consumer: changelog partitions are paused except while they are being restored. */
interface ChangelogFeed {
  seekAndResume(partition: number, offset: Offset): void;
  pause(partition: number): void;
}

/** Restores under way, one at most per partition, fed by the same consumer as the source. */
export class ChangelogReaders {
  readonly #topic: string;
  readonly #feed: ChangelogFeed;
  readonly #clock: Clock;
  readonly #readers = new Map<number, Reader>();
  #assigned: ReadonlySet<number> = new Set();

  constructor(topic: string, feed: ChangelogFeed, clock: Clock) {
    this.#topic = topic;
    this.#feed = feed;
    this.#clock = clock;
  }

  /** Reads a partition until a record at or after `range.until` was handed over. */
  async read(
    partition: number,
    { from, until }: { readonly from: Offset; readonly until: Offset },
    onRecords: Reader['onRecords'],
  ): Promise<void> {
    // A task that was still fencing when its partition went would read what nobody fetches for it.
    if (!this.#assigned.has(partition)) throw this.#revoked(partition);
    let mine: Reader | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const progressedAtMs = this.#clock.nowMs();
        mine = { continuity: new Continuity(from), until, onRecords, progressedAtMs, resolve, reject };
        this.#readers.get(partition)?.reject(this.#revoked(partition));
        this.#readers.set(partition, mine);
        this.#watch(partition, mine);
        this.#feed.seekAndResume(partition, from);
      });
    } finally {
      // The partition may have come back meanwhile, and another task's reader with it.
      if (this.#readers.get(partition) === mine) {
        this.#readers.delete(partition);
        this.#feed.pause(partition);
      }
    }
  }

  /** A batch of the changelog, whether anybody waits for it or not. */
  offer(batch: RecordBatch): 'applied' | 'dropped' {
    const reader = this.#readers.get(batch.partition);
    if (reader === undefined) return 'dropped';
    if (!this.#isContinuous(batch, reader)) return 'dropped';
    try {
      reader.onRecords(batch.records);
    } catch (error) {
      reader.reject(error);
      return 'dropped';
    }
    this.#advance(reader, batch.nextOffset);
    const last = batch.records.at(-1);
    if (last !== undefined && last.offset >= reader.until) reader.resolve();
    return 'applied';
  }

  /** Offsets before `next` held nothing to read. */
  skip(partition: number, next: Offset): void {
    const reader = this.#readers.get(partition);
    if (reader !== undefined && next > reader.continuity.next) this.#advance(reader, next);
  }

  /** The group joined again: whoever is still being restored goes on where it stood; the others are told to stop. */
  reassign(partitions: ReadonlySet<number>): void {
    this.#assigned = partitions;
    for (const [partition, reader] of this.#readers)
      if (partitions.has(partition)) this.#feed.seekAndResume(partition, reader.continuity.next);
      else reader.reject(this.#revoked(partition));
  }

  #revoked(partition: number): StreamsError {
    return new StreamsError('TRANSIENT', `${this.#topic}/${partition} was revoked while it was restored`);
  }

  #isContinuous({ partition, fetchedOffset }: RecordBatch, { continuity, reject }: Reader): boolean {
    switch (continuity.check(fetchedOffset)) {
      case 'continues':
        return true;
      case 'jumped':
        this.#feed.seekAndResume(partition, continuity.next);
        return false;
      case 'lost': {
        const message = `${this.#topic}/${partition} continues at ${fetchedOffset}, but ${continuity.next} is next`;
        reject(new StreamsError('STATE_CORRUPTED', message));
        return false;
      }
    }
  }

  /** Gives up on a reader that gets nothing any more. */
  #watch(partition: number, reader: Reader): void {
    this.#clock.schedule(STALL_CHECK_MS, () => {
      if (this.#readers.get(partition) !== reader) return;
      if (this.#clock.nowMs() - reader.progressedAtMs <= STALL_MS) {
        this.#watch(partition, reader);
        return;
      }
      const message = `Restoring from ${this.#topic}/${partition} stands still at ${reader.continuity.next}`;
      reader.reject(new StreamsError('TRANSIENT', message));
    });
  }

  #advance(reader: Reader, next: Offset): void {
    reader.continuity.advanceTo(next);
    reader.progressedAtMs = this.#clock.nowMs();
  }
}
