import type { Offset } from '../offset.js';
import { bytesOfAll, type StreamRecord, type TopicPartition } from '../records.js';
import { StreamsError } from '../streams-error.js';

/** Without progress for this long a read that is being waited for gives up, in milliseconds. */
const STALL_MS = 30_000;
/** What may wait before no more is fetched, and what may still wait when fetching goes on, in bytes. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
const FEW_WAITING_BYTES = MAX_WAITING_BYTES / 2;

interface Waiting {
  readonly resolve: (records: readonly StreamRecord[] | undefined) => void;
  readonly reject: (error: unknown) => void;
  readonly stall: NodeJS.Timeout;
}

/** The records of a range between the fetch that brings them and whoever takes them. */
export class RangeRead {
  readonly source: TopicPartition;
  readonly #end: Offset;
  #next: Offset;
  readonly #ready: { readonly records: readonly StreamRecord[]; readonly bytes: number }[] = [];
  #readyBytes = 0;
  #waiting: Waiting | undefined;
  #failure: StreamsError | undefined;
  /** Whether the partition is being fetched. */
  isFetching = true;

  constructor(source: TopicPartition, from: Offset, end: Offset) {
    this.source = source;
    this.#next = from;
    this.#end = end;
  }

  /** Where the next batch must begin. */
  get next(): Offset {
    return this.#next;
  }

  /** Whether fetching should pause: everything is here, or enough waits to be taken. */
  get hasEnough(): boolean {
    return this.#next >= this.#end || this.#readyBytes >= MAX_WAITING_BYTES;
  }

  /** Whether a pause should end. */
  get needsMore(): boolean {
    return this.#next < this.#end && this.#readyBytes < FEW_WAITING_BYTES;
  }

  /** Takes in what was fetched up to `next`; what lies behind the end is left out. */
  add(fetched: readonly StreamRecord[], next: Offset): void {
    this.#next = next;
    const records =
      next <= this.#end ? fetched : fetched.filter(({ offset }: StreamRecord) => offset < this.#end);
    if (records.length > 0) {
      const bytes = bytesOfAll(records);
      this.#ready.push({ records, bytes });
      this.#readyBytes += bytes;
    }
    this.#answer();
  }

  fail(error: StreamsError): void {
    this.#failure = error;
    this.#answer();
  }

  /**
   * Resolves to the next records, or to undefined behind the last one. One call at a time.
   *
   * @throws StreamsError TRANSIENT when nothing comes for too long
   */
  take(): Promise<readonly StreamRecord[] | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject, stall: this.#startStall() };
      this.#answer();
    });
  }

  #answer(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    clearTimeout(waiting.stall);
    const ready = this.#ready.shift();
    if (ready === undefined && this.#failure === undefined && this.#next < this.#end) {
      this.#waiting = { ...waiting, stall: this.#startStall() };
      return;
    }
    this.#waiting = undefined;
    if (ready !== undefined) {
      this.#readyBytes -= ready.bytes;
      waiting.resolve(ready.records);
    } else if (this.#failure !== undefined) waiting.reject(this.#failure);
    else waiting.resolve(undefined);
  }

  #startStall(): NodeJS.Timeout {
    return setTimeout(() => {
      const { topic, partition } = this.source;
      this.fail(new StreamsError('TRANSIENT', `Reading ${topic}/${partition} stands still at ${this.#next}`));
    }, STALL_MS);
  }
}
