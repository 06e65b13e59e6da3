import type { Clock } from '../clock.js';
import { nextOffset, type Offset } from '../offset.js';
import { bytesOfAll, type RecordBatch, type StreamRecord } from '../records.js';

/** Consecutive records that are handled in one go. */
export interface Slice {
  readonly records: readonly StreamRecord[];
  /** The next offset of the source once they are handled. */
  readonly sourceNext: Offset;
}

/**
 * What was fetched and waits to be handled. While a transaction is on its way, records gather here: the busier the
 * source, the larger the next transaction.
 */
export class Inbox {
  readonly #clock: Clock;
  /** With their keys and values in bytes, counted once. */
  readonly #batches: { readonly batch: RecordBatch; readonly bytes: number }[] = [];
  /** How many records of the first batch were taken already. */
  #taken = 0;
  #size = 0;
  #bytes = 0;
  #isWoken = false;
  #wakeUp: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records that wait. */
  get size(): number {
    return this.#size;
  }

  /** Keys and values of the batches that wait, the one that is being taken included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether anything waits: a batch may hold no record and still move the position. */
  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  add(batch: RecordBatch): void {
    const bytes = bytesOfAll(batch.records);
    this.#batches.push({ batch, bytes });
    this.#size += batch.records.length;
    this.#bytes += bytes;
    this.wake();
  }

  /** Takes up to `limit` records out; undefined when nothing waits. */
  take(limit: number): Slice | undefined {
    const first = this.#batches[0];
    if (first === undefined) return undefined;
    const { batch, bytes } = first;
    const records = batch.records.slice(this.#taken, this.#taken + limit);
    this.#taken += records.length;
    this.#size -= records.length;
    const last = records.at(-1);
    if (last !== undefined && this.#taken < batch.records.length)
      return { records, sourceNext: nextOffset(last.offset) };
    this.#batches.shift();
    this.#bytes -= bytes;
    this.#taken = 0;
    return { records, sourceNext: batch.nextOffset };
  }

  clear(): void {
    this.#batches.length = 0;
    this.#taken = 0;
    this.#size = 0;
    this.#bytes = 0;
  }

  /** Resolves when something waits, at {@link wake}, or after the time limit; says which. */
  wait(timeoutMs: number): Promise<'woken' | 'timeout'> {
    if (!this.isEmpty || this.#isWoken) {
      this.#isWoken = false;
      return Promise.resolve('woken');
    }
    return new Promise((resolve) => {
      const end = (result: 'woken' | 'timeout'): void => {
        cancel();
        this.#wakeUp = undefined;
        this.#isWoken = false;
        resolve(result);
      };
      const cancel = this.#clock.schedule(timeoutMs, () => {
        end('timeout');
      });
      this.#wakeUp = () => {
        end('woken');
      };
    });
  }

  /** Ends a wait early, or the next one at once. */
  wake(): void {
    this.#isWoken = true;
    this.#wakeUp?.();
  }
}
