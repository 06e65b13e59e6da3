import { offsetOf, type Offset } from '../offset.js';
import type { StreamRecord } from '../records.js';
import { AbortedProducers, type AbortedTransaction } from './record-set-aborted.js';
import { batchAt, type BatchHeader } from './record-set-batch.js';
import { decompressed } from './record-set-compression.js';
import { addRecords } from './record-set-walk.js';

/** What a partition's part of a fetch answer says to a reader of committed records. */
export interface RecordSet {
  /** Records of clients that were not aborted. Keys and values are views of the answer. */
  readonly records: readonly StreamRecord[];
  /** The offset after the last whole batch, also where its last records were compacted away. */
  readonly nextOffset: Offset;
}

/**
 * Reads record batches one behind the other. A broker cuts its answer anywhere: what is left of a last batch is ignored.
 * The batches' sums (CRC-32C) are not checked: that would double the cost, for bytes that the broker checked when it took
 * them in and TCP on their way.
 *
 * @param from the offset that was asked for: the first batch may begin before it
 * @param aborted what the broker says of aborted transactions, in any order
 * @throws MalformedAnswerError when the bytes are not what the format says; StreamsError FATAL where records are
 *   compressed in a way that cannot be read here
 */
export const readRecordSet = (
  bytes: Buffer,
  from: Offset,
  aborted: readonly AbortedTransaction[],
): RecordSet => {
  const records: StreamRecord[] = [];
  const producers = new AbortedProducers(aborted);
  let nextOffset = from;
  for (let batch = batchAt(bytes, 0); batch !== undefined; batch = batchAt(bytes, batch.end)) {
    if (!producers.hides(batch) && batch.lastOffset >= from) addBatch(batch, bytes, from, records);
    nextOffset = offsetOf(Math.max(nextOffset, batch.lastOffset + 1));
  }
  return { records, nextOffset };
};

const addBatch = (batch: BatchHeader, bytes: Buffer, from: Offset, records: StreamRecord[]): void => {
  const { start, end, compression } = batch;
  if (compression === 0) addRecords(batch, bytes.subarray(0, end), start, from, records);
  else addRecords(batch, decompressed(bytes.subarray(start, end), compression), 0, from, records);
};
