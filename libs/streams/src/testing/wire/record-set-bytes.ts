import { gzipSync, zstdCompressSync } from 'node:zlib';

/** A record as it stands in a batch. */
export interface WrittenRecord {
  readonly offset: number;
  readonly key?: Buffer | null;
  readonly value?: Buffer | null;
  readonly timestampMs?: number;
  readonly headers?: readonly (readonly [string, Buffer | null])[];
}

/** What a batch is to be; nothing that is left out matters. */
export interface WrittenBatch {
  readonly baseOffset: number;
  /** Default: that of the last record. */
  readonly lastOffset?: number;
  readonly records: readonly WrittenRecord[];
  readonly baseTimestampMs?: number;
  readonly logAppendTimeMs?: number;
  /** Set for what is part of a transaction. */
  readonly producerId?: number;
  /** Set for the batch of a marker, which then has no other records. */
  readonly marker?: 'commit' | 'abort';
  /** Set for what is left of the batch of a marker that compaction took away. */
  readonly isControl?: boolean;
  readonly compression?: 'gzip' | 'snappy' | 'lz4' | 'zstd';
  readonly format?: number;
}

const COMPRESSIONS = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

/**
 * Record batches byte by byte after Kafka's documentation, slowly, and without a line in common with what reads and writes
 * them in earnest.
 */
export const recordSetBytes = (...batches: readonly WrittenBatch[]): Buffer =>
  Buffer.concat(batches.map(batchBytes));

const batchBytes = (batch: WrittenBatch): Buffer => {
  const { baseOffset, producerId = -1, format = 2 } = batch;
  const records = batch.marker === undefined ? batch.records : [markerOf(batch)];
  const lastOffset = batch.lastOffset ?? records.at(-1)?.offset ?? baseOffset;
  const { baseTimestampMs = 0, logAppendTimeMs } = batch;
  const behindTheSum = Buffer.concat([
    int(2, attributesOf(batch)),
    int(4, lastOffset - baseOffset),
    int(8, baseTimestampMs),
    int(8, logAppendTimeMs ?? baseTimestampMs),
    int(8, producerId),
    int(2, 0),
    int(4, 0),
    int(4, records.length),
    compressed(
      batch,
      Buffer.concat(records.map((record) => recordBytes(record, baseOffset, baseTimestampMs))),
    ),
  ]);
  const length = 4 + 1 + 4 + behindTheSum.length;
  return Buffer.concat([
    int(8, baseOffset),
    int(4, length),
    int(4, 0),
    int(1, format),
    int(4, 0),
    behindTheSum,
  ]);
};

const attributesOf = ({
  compression,
  logAppendTimeMs,
  producerId,
  marker,
  isControl,
}: WrittenBatch): number =>
  (compression === undefined ? 0 : COMPRESSIONS[compression]) +
  (logAppendTimeMs === undefined ? 0 : 8) +
  (producerId === undefined ? 0 : 16) +
  (marker === undefined && isControl !== true ? 0 : 32);

const markerOf = ({ baseOffset, marker }: WrittenBatch): WrittenRecord => ({
  offset: baseOffset,
  key: Buffer.concat([int(2, 0), int(2, marker === 'abort' ? 0 : 1)]),
  value: Buffer.alloc(6),
});

const compressed = ({ compression }: WrittenBatch, records: Buffer): Buffer => {
  if (compression === 'gzip') return gzipSync(records);
  return compression === 'zstd' ? zstdCompressSync(records) : records;
};

const recordBytes = (record: WrittenRecord, baseOffset: number, baseTimestampMs: number): Buffer => {
  const { offset, key = null, value = null, timestampMs = baseTimestampMs, headers = [] } = record;
  const body = Buffer.concat([
    int(1, 0),
    varint(timestampMs - baseTimestampMs),
    varint(offset - baseOffset),
    sized(key),
    sized(value),
    varint(headers.length),
    ...headers.flatMap(([name, headerValue]) => [sized(Buffer.from(name)), sized(headerValue)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
};

const sized = (bytes: Buffer | null): Buffer =>
  bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]);

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  const signed = BigInt(value);
  let zigzag = BigInt.asUintN(64, (signed << 1n) ^ (signed >> 63n));
  for (; zigzag >= 0x80n; zigzag >>= 7n) bytes.push(Number(zigzag & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(zigzag)]);
};

const int = (size: 1 | 2 | 4 | 8, value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes.subarray(8 - size);
};
