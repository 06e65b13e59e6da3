import type { StreamRecord } from '@reviews/streams';

/**
 * Goes through records one by one. Batches are waited for and records are not: where millions are looked at, a promise
 * for each would cost more than the look.
 */
export class RecordCursor<T> {
  readonly #batches: AsyncIterator<readonly StreamRecord[]>;
  readonly #prepare: (batch: readonly StreamRecord[]) => Promise<void>;
  readonly #read: (record: StreamRecord) => T | undefined;
  #batch: readonly StreamRecord[] = [];
  #index = 0;
  #head: T | undefined;
  #isEnded = false;

  /**
   * @param prepare is done with each batch before its first record is read
   * @param read undefined: this record is left out
   */
  constructor(
    batches: AsyncIterable<readonly StreamRecord[]>,
    prepare: (batch: readonly StreamRecord[]) => Promise<void>,
    read: (record: StreamRecord) => T | undefined,
  ) {
    this.#batches = batches[Symbol.asyncIterator]();
    this.#prepare = prepare;
    this.#read = read;
  }

  /** The record the cursor stands at; undefined at the end, and while {@link isHungry}. */
  get head(): T | undefined {
    return this.#head;
  }

  /** Whether {@link fill} has to be awaited before anybody looks at the head. */
  get isHungry(): boolean {
    return this.#head === undefined && !this.#isEnded;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  next(): void {
    this.#head = undefined;
    while (this.#head === undefined) {
      const record = this.#batch[this.#index];
      if (record === undefined) return;
      this.#index += 1;
      this.#head = this.#read(record);
    }
  }

  async fill(): Promise<void> {
    while (this.isHungry) {
      const batch = await this.#batches.next();
      if (batch.done === true) {
        this.#isEnded = true;
        return;
      }
      await this.#prepare(batch.value);
      this.#batch = batch.value;
      this.#index = 0;
      this.next();
    }
  }

  /** Asks for nothing more. */
  async close(): Promise<void> {
    this.#isEnded = true;
    await this.#batches.return?.();
  }
}
