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

/**
 * Changes the buckets of a course. Those it was given, and those it has given, stay as they are: it changes a copy, and makes none as
 * long as nothing changes. A course that is changed once has a copy that fits; one that is changed more often has room to grow.
 */
export class BucketEditor {
  #bytes: Uint8Array;
  #length: number;
  /** Whether somebody else has the bytes, too. */
  #isShared = true;

  constructor(buckets: DayBuckets) {
    this.#bytes = buckets;
    this.#length = buckets.length;
  }

  /** What the buckets have become. */
  result(): DayBuckets {
    if (this.#length !== this.#bytes.length) return this.#bytes.slice(0, this.#length);
    this.#isShared = true;
    return this.#bytes;
  }

  /** One review more. */
  add(createdAtMs: EventTimeMs, halfStars: HalfStars): void {
    const day = dayOf(createdAtMs);
    const at = placeOf(this.#bytes, day, this.#length);
    const timeOfDay = createdAtMs - day * DAY_MS;
    const bit = 1 << (halfStars - 1);
    if (!this.#isAt(day, at)) {
      this.#open(at, day, timeOfDay, bit);
      return;
    }
    const ratings = ratingsAt(this.#bytes, at);
    const countAt = at + HEADER_BYTES + setBits(ratings & (bit - 1));
    const hasByteCounts = ratings <= RATINGS;
    if (hasByteCounts && (ratings & bit) === 0) {
      this.#shift(countAt, 1);
      this.#bytes[countAt] = 1;
      this.#writeRatings(at, ratings | bit);
    } else if (hasByteCounts && byteAt(this.#bytes, countAt) < MAX_BYTE) {
      if (this.#isShared) this.#copy(this.#length);
      this.#bytes[countAt] = byteAt(this.#bytes, countAt) + 1;
    } else this.#repack(at, halfStars, 1);
    if (timeOfDay > timeOfDayAt(this.#bytes, at)) this.#writeTimeOfDay(at, timeOfDay);
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

  /** A day with one review. */
  #open(at: BucketPlace, day: EpochDay, timeOfDay: number, rating: number): void {
    this.#shift(at, HEADER_BYTES + 1);
    this.#bytes[at + DAY_BYTE] = day;
    this.#bytes[at + DAY_BYTE + 1] = day >> 8;
    this.#bytes[at + DAY_BYTE + 2] = day >> 16;
    this.#writeTimeOfDay(at, timeOfDay);
    this.#writeRatings(at, rating);
    this.#bytes[at + HEADER_BYTES] = 1;
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
    if (this.#isShared) this.#copy(length);
    else if (length > this.#bytes.length) this.#copy(2 * length);
    this.#bytes.copyWithin(from + by, from, this.#length);
    this.#length = length;
  }

  /** Makes the bytes our own, with so much room, and not less than they take. */
  #copy(room: number): void {
    const copy = new Uint8Array(Math.max(room, this.#length));
    copy.set(this.#bytes);
    this.#bytes = copy;
    this.#isShared = false;
  }
}
