import type { AppendSize } from '../log-appender.js';

/** How much may wait. */
export interface RoomLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** Part of both that bulk appends may take, all of them together. */
  readonly bulkShare: number;
}

/** Who asks for room: single appends are refused when there is none, bulk appends wait in line for their share. */
export type RoomUse = 'single' | 'bulk';

/** The room in front of the log, counted in records and bytes, so that memory does not grow with overload. */
export interface AppendRoom {
  /** Takes room if there is any. */
  tryTake(size: AppendSize): boolean;
  /** Takes room out of the share of bulk appends as soon as there is any, in the order of the calls. */
  takeInBulk(size: AppendSize): Promise<void>;
  release(use: RoomUse, size: AppendSize): void;
  taken(): AppendSize;
}

/** What is larger than the limits gets in when nothing else is there. */
export const appendRoom = ({ maxRecords, maxBytes, bulkShare }: RoomLimits): AppendRoom => {
  const all = boundedSum({ records: maxRecords, bytes: maxBytes });
  const bulk = boundedSum({ records: maxRecords * bulkShare, bytes: maxBytes * bulkShare });
  const line: { readonly size: AppendSize; admit(): void }[] = [];

  const fitsInBulk = (size: AppendSize): boolean => all.fits(size) && bulk.fits(size);
  const addInBulk = (size: AppendSize): void => {
    all.add(size);
    bulk.add(size);
  };
  const admitWaiting = (): void => {
    for (let next = line[0]; next !== undefined && fitsInBulk(next.size); next = line[0]) {
      line.shift();
      addInBulk(next.size);
      next.admit();
    }
  };

  return {
    tryTake(size) {
      if (!all.fits(size)) return false;
      all.add(size);
      return true;
    },
    takeInBulk(size) {
      if (line.length === 0 && fitsInBulk(size)) {
        addInBulk(size);
        return Promise.resolve();
      }
      return new Promise((admit) => line.push({ size, admit }));
    },
    release(use, size) {
      all.remove(size);
      if (use === 'bulk') bulk.remove(size);
      admitWaiting();
    },
    taken: () => all.now(),
  };
};

const boundedSum = (limit: AppendSize) => {
  let records = 0;
  let bytes = 0;
  return {
    fits: (size: AppendSize): boolean =>
      records === 0 || (records + size.records <= limit.records && bytes + size.bytes <= limit.bytes),
    add(size: AppendSize): void {
      records += size.records;
      bytes += size.bytes;
    },
    remove(size: AppendSize): void {
      records -= size.records;
      bytes -= size.bytes;
    },
    now: (): AppendSize => ({ records, bytes }),
  };
};
