import { chunked, type ChunkLimits } from '../chunks.js';
import type { AppendSize, TargetedRecords } from '../log-appender.js';
import { bytesWithHeadersOf, type OutputRecord, type TopicPartition } from '../records.js';
import type { Piece } from './append-lane.js';

export const sizeOf = (records: readonly OutputRecord[]): AppendSize => {
  let bytes = 0;
  for (const record of records) bytes += bytesWithHeadersOf(record);
  return { records: records.length, bytes };
};

/** What all of them take together. */
export const sizeOfAll = (pieces: readonly Pick<Piece, 'size'>[]): AppendSize => {
  let records = 0;
  let bytes = 0;
  for (const { size } of pieces) {
    records += size.records;
    bytes += size.bytes;
  }
  return { records, bytes };
};

/** A piece, and where it goes. */
export interface TargetedPiece extends Piece {
  readonly target: TopicPartition;
}

/** Records in pieces that fit into a request each. */
export const piecesOf = (
  { target, records }: TargetedRecords,
  request: ChunkLimits,
): readonly TargetedPiece[] =>
  [...chunked(records, request, bytesWithHeadersOf)].map((piece) => ({
    target,
    records: piece,
    size: sizeOf(piece),
  }));
