import type { ChunkLimits } from '../chunks.js';
import type { AppendSize } from '../log-appender.js';
import type { OutputRecord } from '../records.js';

/** Records that go into one request together. */
export interface Piece {
  readonly records: readonly OutputRecord[];
  readonly size: AppendSize;
}

/** A piece in line. */
export interface WaitingPiece extends Piece {
  readonly deadlineMs: number;
}

/** Pieces for one partition, first in, first out. All have the same patience, so the first is the first to expire. */
export interface AppendLane<P extends WaitingPiece> {
  push(piece: P): void;
  /** Takes the first pieces off that fit into one request; at least one if there is any. */
  takeRequest(): readonly P[];
  /** Takes off what has waited too long. */
  takeExpired(nowMs: number): readonly P[];
  /** Takes off everything. */
  takeAll(): readonly P[];
  /** When the first will have waited too long; undefined when nothing waits. */
  nextDeadlineMs(): number | undefined;
}

export const appendLane = <P extends WaitingPiece>({ maxItems, maxBytes }: ChunkLimits): AppendLane<P> => {
  let waiting: P[] = [];

  const takeUntil = (isBehind: (piece: P, index: number) => boolean): readonly P[] => {
    const end = waiting.findIndex(isBehind);
    const taken = end === -1 ? waiting : waiting.slice(0, end);
    waiting = end === -1 ? [] : waiting.slice(end);
    return taken;
  };

  return {
    push(piece) {
      waiting.push(piece);
    },
    takeRequest() {
      let records = 0;
      let bytes = 0;
      return takeUntil(({ size }, index) => {
        records += size.records;
        bytes += size.bytes;
        return index > 0 && (records > maxItems || bytes > maxBytes);
      });
    },
    takeExpired: (nowMs) => takeUntil(({ deadlineMs }) => deadlineMs > nowMs),
    takeAll: () => takeUntil(() => false),
    nextDeadlineMs: () => waiting[0]?.deadlineMs,
  };
};
