import type { Offset } from './offset.js';

export type RecordHeaders = Readonly<Record<string, Buffer>>;

/** A record as read from a partition. Keys and values are slices of the fetch answer: copy what you keep. */
export interface StreamRecord {
  readonly offset: Offset;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The broker's timestamp on a LogAppendTime topic, else the producer's. */
  readonly appendTimeMs: number;
  readonly headers: RecordHeaders;
}

/** A record to be written; its topic and partition are said where it is sent. */
export interface OutputRecord {
  readonly key: Buffer | null;
  /** Null is a tombstone: on a compacted topic it deletes the key. */
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Topic and partition as one string, to look things up by. */
export const topicPartitionKey = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** Consecutive records of one partition, as fetched. */
export interface RecordBatch extends TopicPartition {
  readonly records: readonly StreamRecord[];
  /** Where the fetch began: equals the previous batch's `nextOffset` unless records were lost. */
  readonly fetchedOffset: Offset;
  /** The offset after the last one this batch covers, control records included. */
  readonly nextOffset: Offset;
  /** First offset not yet readable when this was fetched. */
  readonly highWatermark: Offset;
}

/** Key and value of a record, in bytes. */
export const bytesOf = ({ key, value }: Pick<OutputRecord, 'key' | 'value'>): number =>
  (key?.length ?? 0) + (value?.length ?? 0);

/** Key, value and headers of a record, in bytes. */
export const bytesWithHeadersOf = (record: OutputRecord): number => {
  let bytes = bytesOf(record);
  if (record.headers === undefined) return bytes;
  for (const [name, { length }] of Object.entries(record.headers)) bytes += name.length + length;
  return bytes;
};

/** Keys and values of records, in bytes. */
export const bytesOfAll = (records: readonly Pick<OutputRecord, 'key' | 'value'>[]): number => {
  let bytes = 0;
  for (const record of records) bytes += bytesOf(record);
  return bytes;
};
