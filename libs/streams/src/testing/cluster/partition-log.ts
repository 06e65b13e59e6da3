import { offsetOf, type Offset } from '../../offset.js';
import type { OutputRecord, StreamRecord } from '../../records.js';
import type { SentRecords } from '../../task/task-log.js';
import { BrokerError } from './broker-error.js';
import { compacted } from './compaction.js';
import type { LoggedRecord, PartitionTransaction } from './logged-record.js';
import { ProducerStates, type ProducerIdentity } from './producer-states.js';

/** What a fetch finds. */
export interface LogSlice {
  /** Committed records only. */
  readonly records: readonly StreamRecord[];
  /** Offset of the first record there is, aborted ones and markers included. */
  readonly firstOffset: Offset;
  /** The offset after the last one. */
  readonly nextOffset: Offset;
}

/** A batch of an idempotent producer. */
export interface ProducedBatch {
  readonly producer: ProducerIdentity;
  readonly firstSequence: number;
}

/** One partition: what its leader keeps and shows. */
export class PartitionLog {
  #records: LoggedRecord[] = [];
  #producers = new ProducerStates();
  #open = new Map<number, PartitionTransaction>();
  /** Ended transactions whose markers may be above a high watermark that lags. */
  #ended: PartitionTransaction[] = [];
  #low = 0;
  #end = 0;
  #heldBackAt: number | undefined;

  get low(): Offset {
    return offsetOf(this.#low);
  }

  /** The offset the next record gets. */
  get end(): Offset {
    return offsetOf(this.#end);
  }

  get highWatermark(): Offset {
    return offsetOf(this.#heldBackAt ?? this.#end);
  }

  /** Nothing below is undecided: where read_committed readers stop. */
  get lastStable(): Offset {
    let stable: number = this.highWatermark;
    for (const { firstOffset } of this.#open.values()) stable = Math.min(stable, firstOffset);
    if (this.#heldBackAt !== undefined)
      for (const { firstOffset, markerOffset } of this.#ended)
        if (markerOffset >= this.#heldBackAt) stable = Math.min(stable, firstOffset);
    return offsetOf(stable);
  }

  /** @returns where the records are; for a batch that came before, where they were put then: nothing is appended */
  append(
    records: readonly OutputRecord[],
    appendTimeMs: number,
    batch?: ProducedBatch,
  ): SentRecords & { isDuplicate: boolean } {
    const before = batch && this.#producers.check(batch.producer, batch.firstSequence, records.length);
    const firstOffset = offsetOf(before ?? this.#end);
    const sent = { firstOffset, endOffset: offsetOf(firstOffset + records.length), appendTimeMs };
    if (before !== undefined) return { ...sent, isDuplicate: true };
    const transaction = batch && this.#transactionOf(batch.producer.producerId);
    for (const { key, value, headers = NO_HEADERS } of records)
      this.#push({
        offset: offsetOf(this.#end),
        key,
        value,
        headers,
        appendTimeMs,
        transaction,
        isControl: false,
      });
    if (batch !== undefined)
      this.#producers.appended(batch.producer, {
        firstSequence: batch.firstSequence,
        count: records.length,
        firstOffset,
      });
    return { ...sent, isDuplicate: false };
  }

  /** Ends a producer's transaction here. */
  mark(producer: ProducerIdentity, fate: 'committed' | 'aborted', appendTimeMs: number): void {
    this.#producers.marked(producer);
    const transaction = this.#open.get(producer.producerId);
    if (transaction !== undefined) {
      transaction.fate = fate;
      transaction.markerOffset = this.#end;
      this.#open.delete(producer.producerId);
      this.#ended.push(transaction);
      if (this.#heldBackAt === undefined && this.#ended.length > REMEMBERED_ENDED) this.#ended.shift();
    }
    this.#push({
      offset: offsetOf(this.#end),
      key: null,
      value: null,
      headers: NO_HEADERS,
      appendTimeMs,
      transaction: undefined,
      isControl: true,
    });
  }

  /**
   * What a read_committed reader gets.
   *
   * @returns undefined when there is nothing to read yet
   * @throws BrokerError OFFSET_OUT_OF_RANGE
   */
  read(from: Offset, limit: number): LogSlice | undefined {
    if (from < this.#low || from > this.#end) throw new BrokerError('OFFSET_OUT_OF_RANGE');
    const stable = this.lastStable;
    const start = this.#indexOf(from);
    const records: LoggedRecord[] = [];
    let last: LoggedRecord | undefined;
    for (let index = start; index < this.#records.length && index - start < limit; index++) {
      const record = this.#records[index];
      if (record === undefined || record.offset >= stable) break;
      last = record;
      if (isReadable(record)) records.push(record);
    }
    const first = this.#records[start];
    if (first === undefined || last === undefined) return undefined;
    return { records, firstOffset: first.offset, nextOffset: offsetOf(last.offset + 1) };
  }

  /** Every committed record, whatever readers are shown. */
  committed(): readonly StreamRecord[] {
    return this.#records.filter(isReadable);
  }

  /** The offset after the last committed record. */
  get committedEnd(): Offset {
    return offsetOf((this.#records.findLast(isReadable)?.offset ?? -1) + 1);
  }

  /** A new leader whose high watermark has to be learnt anew: for a while it shows less than it has. */
  holdBackAt(highWatermark: number): void {
    this.#heldBackAt = Math.max(this.#low, Math.min(highWatermark, this.#end));
  }

  catchUp(): void {
    this.#heldBackAt = undefined;
  }

  /** @param dropTombstonesBeforeMs tombstones that were appended before this are dropped, too */
  compact(until: Offset, dropTombstonesBeforeMs: number): void {
    this.#records = compacted(this.#records, Math.min(until, this.lastStable), dropTombstonesBeforeMs);
  }

  /** Loses a record for good, as only a broken log does. */
  lose(offset: Offset): void {
    this.#records = this.#records.filter((record) => record.offset !== offset);
  }

  /** Readers are refused them; {@link committed} still tells them. */
  deleteRecordsBefore(offset: Offset): void {
    this.#low = Math.max(this.#low, Math.min(offset, this.#end));
  }

  /** Deleted and created anew: the same name, and nothing in it. */
  recreate(): void {
    this.#records = [];
    this.#producers = new ProducerStates();
    this.#open = new Map();
    this.#ended = [];
    this.#low = 0;
    this.#end = 0;
    this.#heldBackAt = undefined;
  }

  #transactionOf(producerId: number): PartitionTransaction {
    let transaction = this.#open.get(producerId);
    if (transaction === undefined) {
      transaction = { fate: 'open', firstOffset: this.#end, markerOffset: -1 };
      this.#open.set(producerId, transaction);
    }
    return transaction;
  }

  #push(record: LoggedRecord): void {
    this.#records.push(record);
    this.#end += 1;
  }

  /** Index of the first record at or after an offset. Compaction leaves gaps. */
  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#records[middle]?.offset ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const NO_HEADERS = Object.freeze({});
const REMEMBERED_ENDED = 8;

const isReadable = ({ isControl, transaction }: LoggedRecord): boolean =>
  !isControl && (transaction === undefined || transaction.fate === 'committed');
