import { offsetOf, type Offset } from '../offset.js';
import type { TopicPartition } from '../records.js';
import { APIS, type WireRequest } from './api.js';
import type { BufferReader } from './buffer-reader.js';
import type { BufferWriter } from './buffer-writer.js';
import type { AbortedTransaction } from './record-set-aborted.js';
import { mustBeDone } from './wire-error.js';

/** What is taken of one partition, and of all together. A first batch comes whole, however large it is. */
const MAX_PARTITION_BYTES = 1_048_576;
const MAX_BYTES = 10 * MAX_PARTITION_BYTES;
const MIN_BYTES = 1;

const CONSUMER = -1;
const READ_COMMITTED = 1;
/** Each request names all it wants (KIP-227 would have the broker remember). */
const NO_SESSION = 0;
const NO_SESSION_EPOCH = -1;
const ANY_LEADER_EPOCH = -1;
/** Only replicas tell theirs. */
const NO_LOG_START = -1;

/** A partition, and from where on it is wanted. */
export interface FetchPosition {
  readonly target: TopicPartition;
  readonly offset: Offset;
}

/** What a broker answers about one partition. */
export interface FetchedPartition {
  readonly target: TopicPartition;
  /** Kafka's error code, 0 for none. */
  readonly error: number;
  /** The first offset a reader of committed records may not read yet. */
  readonly lastStableOffset: Offset;
  readonly aborted: readonly AbortedTransaction[];
  /** See `readRecordSet`. A view of the answer. */
  readonly recordSet: Buffer;
}

/**
 * Asks for committed records of partitions that the asked broker leads. Those named first are filled first.
 *
 * @param maxWaitMs how long the broker may hold the request while there is nothing at all to answer
 */
export const fetchRequest = (
  positions: readonly FetchPosition[],
  maxWaitMs: number,
): WireRequest<readonly FetchedPartition[]> => ({
  api: APIS.fetch,
  write(writer) {
    writer.int32(CONSUMER).int32(maxWaitMs).int32(MIN_BYTES).int32(MAX_BYTES).int8(READ_COMMITTED);
    writer.int32(NO_SESSION).int32(NO_SESSION_EPOCH);
    // A topic may be named more than once, which keeps the partitions in their order.
    writer.array(positions, (position) => {
      writePosition(writer, position);
    });
    writer.int32(0); // nothing for a session to forget
  },
  read(reader) {
    reader.int32(); // throttled for so long
    mustBeDone(reader.int16(), APIS.fetch.name);
    reader.int32(); // session
    return reader.array(() => readTopic(reader)).flat();
  },
});

const writePosition = (writer: BufferWriter, { target, offset }: FetchPosition): void => {
  writer.string(target.topic).int32(1).int32(target.partition).int32(ANY_LEADER_EPOCH);
  writer.int64(offset).int64(NO_LOG_START).int32(MAX_PARTITION_BYTES);
};

const readTopic = (reader: BufferReader): readonly FetchedPartition[] => {
  const topic = reader.string();
  return reader.array(() => readPartition(reader, topic));
};

const readPartition = (reader: BufferReader, topic: string): FetchedPartition => {
  const target = { topic, partition: reader.int32() };
  const error = reader.int16();
  reader.int64(); // high watermark, behind which open transactions are as well
  const lastStableOffset = offsetOf(reader.int64());
  reader.int64(); // log start
  const aborted = reader.array(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
  return { target, error, lastStableOffset, aborted, recordSet: reader.bytes() };
};
