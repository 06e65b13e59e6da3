import {
  byteAt,
  DAY_BYTE,
  dayAt,
  HEADER_BYTES,
  histogramAt,
  lastReviewAt,
  MAX_BYTE,
  packBucket,
  placeAfter,
  placeOf,
  RATINGS,
  ratingsAt,
  RATINGS_BYTE,
  setBits,
  TIME_BYTE,
  timeOfDayAt,
  type BucketPlace,
  type DayBuckets,
} from './day-buckets.js';
import { DAY_MS, dayOf, type EpochDay, type EventTimeMs } from './day.js';
import { reviewsRated, withReviews } from './histogram.js';
import type { HalfStars } from './rating.js';

/** Room for a rating or a day more. Little, so that those of a small course stay below the 64 bytes that V8 keeps on its heap. */
const SPARE_BYTES = 24;

/** Changes a copy of the buckets of a course in place. */
export class BucketEditor {
  #bytes: Uint8Array;
  #length: number;

  constructor(buckets: DayBuckets) {
    this.#bytes = new Uint8Array(buckets.length + SPARE_BYTES);
    this.#bytes.set(buckets);
    this.#length = buckets.length;
  }

  /** What the buckets have become. */
  result(): DayBuckets {
    return this.#bytes.slice(0, this.#length);
  }

  /** One review more. */
  add(createdAtMs: EventTimeMs, halfStars: HalfStars): void {
    const day = dayOf(createdAtMs);
    const at = placeOf(this.#bytes, day, this.#length);
    if (!this.#isAt(day, at)) this.#open(at, day);
    const timeOfDay = createdAtMs - day * DAY_MS;
    if (timeOfDay > timeOfDayAt(this.#bytes, at)) this.#writeTimeOfDay(at, timeOfDay);
    const ratings = ratingsAt(this.#bytes, at);
    const bit = 1 << (halfStars - 1);
    const countAt = at + HEADER_BYTES + setBits(ratings & (bit - 1));
    const hasByteCounts = ratings <= RATINGS;
    if (hasByteCounts && (ratings & bit) === 0) {
      this.#shift(countAt, 1);
      this.#bytes[countAt] = 1;
      this.#writeRatings(at, ratings | bit);
    } else if (hasByteCounts && byteAt(this.#bytes, countAt) < MAX_BYTE)
      this.#bytes[countAt] = byteAt(this.#bytes, countAt) + 1;
    else this.#repack(at, halfStars, 1);
  }

  /**
   * One review less. An emptied bucket stays until its day leaves: its latest review date still belongs to a day in the
   * window. A day without a bucket has left the window: nothing changes then.
   *
   * @returns false when there is a bucket, but no such review in it
   */
  take(createdAtMs: EventTimeMs, halfStars: HalfStars): boolean {
    const day = dayOf(createdAtMs);
    const at = placeOf(this.#bytes, day, this.#length);
    if (!this.#isAt(day, at)) return true;
    if (reviewsRated(histogramAt(this.#bytes, at), halfStars) === 0) return false;
    this.#repack(at, halfStars, -1);
    return true;
  }

  #isAt(day: EpochDay, at: BucketPlace): boolean {
    return at < this.#length && dayAt(this.#bytes, at) === day;
  }

  #open(at: BucketPlace, day: EpochDay): void {
    this.#shift(at, HEADER_BYTES);
    this.#bytes[at + DAY_BYTE] = day;
    this.#bytes[at + DAY_BYTE + 1] = day >> 8;
    this.#bytes[at + DAY_BYTE + 2] = day >> 16;
    this.#writeTimeOfDay(at, 0);
    this.#writeRatings(at, 0);
  }

  /** For counts that are, or become, wider or narrower. */
  #repack(at: BucketPlace, halfStars: HalfStars, reviews: number): void {
    const end = placeAfter(this.#bytes, at);
    const bucket = packBucket({
      day: dayAt(this.#bytes, at),
      lastReviewAtMs: lastReviewAt(this.#bytes, at),
      histogram: withReviews(histogramAt(this.#bytes, at), halfStars, reviews),
    });
    this.#shift(end, at + bucket.length - end);
    this.#bytes.set(bucket, at);
  }

  #writeTimeOfDay(at: BucketPlace, timeOfDay: number): void {
    this.#bytes[at + TIME_BYTE] = timeOfDay;
    this.#bytes[at + TIME_BYTE + 1] = timeOfDay >> 8;
    this.#bytes[at + TIME_BYTE + 2] = timeOfDay >> 16;
    this.#bytes[at + TIME_BYTE + 3] = timeOfDay >> 24;
  }

  #writeRatings(at: BucketPlace, ratings: number): void {
    this.#bytes[at + RATINGS_BYTE] = ratings;
    this.#bytes[at + RATINGS_BYTE + 1] = ratings >> 8;
  }

  /** Moves everything from a place on by some bytes, to the left when negative. */
  #shift(from: number, by: number): void {
    const length = this.#length + by;
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(2 * length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.copyWithin(from + by, from, this.#length);
    this.#length = length;
  }
}
