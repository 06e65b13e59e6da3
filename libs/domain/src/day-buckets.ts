import { DAY_MS, type EpochDay, type EventTimeMs } from './day.js';
import { emptyHistogram, type Histogram } from './histogram.js';
import { MAX_HALF_STARS } from './rating.js';

/** The reviews of one day of a course, while that day can still matter to the window. */
export interface DayBucket {
  readonly day: EpochDay;
  readonly histogram: Histogram;
  /** Latest `createdAt` of any review counted on that day. */
  readonly lastReviewAtMs: EventTimeMs;
}

/**
 * The buckets of a course as one value: ascending, one a day, packed as they are kept. Ten reviews on each of 90 days take
 * 1.5 kB and no object, and what a transaction does not touch is neither decoded nor encoded. Immutable, and equal buckets are
 * equal bytes; `BucketEditor` makes new ones. A bucket is, in little-endian order:
 *
 *     3 bytes  day, counted from 1970-01-01
 *     4 bytes  lastReviewAtMs, in milliseconds of that day
 *     2 bytes  which ratings were given: bit n for n + 1 half stars; above these, at bit 10, how wide a count is
 *     then     the counts of these ratings, each in 1, 2 or 4 bytes or, from 2^32 on, as a 64-bit float
 */
export type DayBuckets = Uint8Array;

export const noBuckets: DayBuckets = new Uint8Array(0);

/** Place of a bucket within the packed ones. */
export type BucketPlace = number;

/** Without the buckets before a day. */
export const droppedBefore = (buckets: DayBuckets, day: EpochDay): DayBuckets => {
  const at = placeOf(buckets, day);
  return at === 0 ? buckets : new Uint8Array(buckets.subarray(at));
};

/** Place of the first bucket that is not before a day; the end when there is none. */
export const placeOf = (buckets: DayBuckets, day: EpochDay, end = buckets.length): BucketPlace => {
  let at = 0;
  while (at < end && dayAt(buckets, at) < day) at = placeAfter(buckets, at);
  return at;
};

/** Place of the next bucket; the length behind the last one. */
export const placeAfter = (buckets: DayBuckets, at: BucketPlace): BucketPlace =>
  at + (SIZES[ratingsAt(buckets, at)] ?? 0);

export const dayAt = (buckets: DayBuckets, at: BucketPlace): EpochDay =>
  (byteAt(buckets, at) | (byteAt(buckets, at + 1) << 8) | (byteAt(buckets, at + 2) << 16)) as EpochDay;

export const lastReviewAt = (buckets: DayBuckets, at: BucketPlace): EventTimeMs =>
  (dayAt(buckets, at) * DAY_MS + timeOfDayAt(buckets, at)) as EventTimeMs;

export const histogramAt = (buckets: DayBuckets, at: BucketPlace): Histogram => {
  const ratings = ratingsAt(buckets, at);
  const width = widthOf(ratings);
  const histogram = [...emptyHistogram];
  let place = at + HEADER_BYTES;
  for (let rating = 0; rating < MAX_HALF_STARS; rating++) {
    if ((ratings & (1 << rating)) === 0) continue;
    histogram[rating] = readCount(buckets, place, width);
    place += width;
  }
  return histogram;
};

/** The buckets one by one, unpacked: for tests and for changes of format. */
export const unpackBuckets = (buckets: DayBuckets): readonly DayBucket[] => {
  const unpacked: DayBucket[] = [];
  for (let at = 0; at < buckets.length; at = placeAfter(buckets, at))
    unpacked.push({
      day: dayAt(buckets, at),
      histogram: histogramAt(buckets, at),
      lastReviewAtMs: lastReviewAt(buckets, at),
    });
  return unpacked;
};

/** @param unpacked ascending, one a day, each with a date of its day */
export const packBuckets = (unpacked: readonly DayBucket[]): DayBuckets => {
  const bytes = unpacked.flatMap((bucket) => [...packBucket(bucket)]);
  return Uint8Array.from(bytes);
};

export const packBucket = ({ day, histogram, lastReviewAtMs }: DayBucket): DayBuckets => {
  const widest = Math.max(...histogram);
  const code = widest <= MAX_BYTE ? 0 : widest <= MAX_UINT16 ? 1 : widest <= MAX_UINT32 ? 2 : 3;
  const width = 1 << code;
  const given = histogram.filter((count) => count !== 0);
  const ratings = histogram.reduce((bits, count, rating) => (count === 0 ? bits : bits | (1 << rating)), 0);
  const bytes = new Uint8Array(HEADER_BYTES + given.length * width);
  const view = new DataView(bytes.buffer);
  bytes[DAY_BYTE] = day;
  bytes[DAY_BYTE + 1] = day >> 8;
  bytes[DAY_BYTE + 2] = day >> 16;
  view.setUint32(TIME_BYTE, lastReviewAtMs - day * DAY_MS, true);
  view.setUint16(RATINGS_BYTE, ratings | (code << MAX_HALF_STARS), true);
  for (const [index, count] of given.entries()) {
    const at = HEADER_BYTES + index * width;
    if (width === 1) view.setUint8(at, count);
    else if (width === 2) view.setUint16(at, count, true);
    else if (width === 4) view.setUint32(at, count, true);
    else view.setFloat64(at, count, true);
  }
  return bytes;
};

/** Where things are in a bucket. */
export const DAY_BYTE = 0;
export const TIME_BYTE = 3;
export const RATINGS_BYTE = 7;
export const HEADER_BYTES = 9;
/** The bits of ratings; a number above them stands for the width of counts. */
export const RATINGS = (1 << MAX_HALF_STARS) - 1;
export const MAX_BYTE = 0xff;
const MAX_UINT16 = 0xffff;
const MAX_UINT32 = 0xffff_ffff;

export const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

/** Which ratings a bucket has, and the width of its counts. */
export const ratingsAt = (buckets: DayBuckets, at: BucketPlace): number =>
  byteAt(buckets, at + RATINGS_BYTE) | (byteAt(buckets, at + RATINGS_BYTE + 1) << 8);

const widthOf = (ratings: number): number => 1 << (ratings >> MAX_HALF_STARS);

/** How many ratings there are among these bits. */
export const setBits = (bits: number): number => {
  const pairs = bits - ((bits >> 1) & 0x5555);
  const fours = (pairs & 0x3333) + ((pairs >> 2) & 0x3333);
  const bytes = (fours + (fours >> 4)) & 0x0f0f;
  return (bytes + (bytes >> 8)) & 0x1f;
};

/** Bytes of a bucket, by what {@link ratingsAt} says of it. */
const SIZES = Uint8Array.from(
  { length: 4 << MAX_HALF_STARS },
  (_, ratings) => HEADER_BYTES + setBits(ratings & RATINGS) * widthOf(ratings),
);

export const timeOfDayAt = (buckets: DayBuckets, at: BucketPlace): number =>
  byteAt(buckets, at + TIME_BYTE) |
  (byteAt(buckets, at + TIME_BYTE + 1) << 8) |
  (byteAt(buckets, at + TIME_BYTE + 2) << 16) |
  (byteAt(buckets, at + TIME_BYTE + 3) << 24);

const readCount = (buckets: DayBuckets, at: number, width: number): number => {
  if (width === 1) return byteAt(buckets, at);
  const view = new DataView(buckets.buffer, buckets.byteOffset + at, width);
  if (width === 2) return view.getUint16(0, true);
  return width === 4 ? view.getUint32(0, true) : view.getFloat64(0, true);
};
