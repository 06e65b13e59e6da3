import { dayOf, type EpochDay } from '../day.js';
import type { CourseMemory } from '../fraud-detector.js';
import { parseUserId, type UserId } from '../identifiers.js';
import { murmur2OfAscii, toPositive } from '../murmur2.js';
import { CELLS } from './cell.js';
import { asciiAt, bodyOf, keysOf, newValue, putAscii } from './remembered-bytes.js';

/** What is remembered of one recent review. */
export interface RecentReview {
  readonly userId: UserId;
  /** Day it was counted on, or last seen when it is not. */
  readonly day: EpochDay;
  readonly cell: number;
  readonly held: boolean;
  /** Whether it is among the counts of its day. An edit that leaves the rating as it was is not. */
  readonly counted: boolean;
  /** Times of its last submissions, oldest first, in seconds since 1970. */
  readonly submittedAtS: readonly number[];
}

/** Recent reviews of a course, at most 512 and at most eight whose users share a page. */
export interface RecentReviews {
  find(userId: UserId): RecentReview | undefined;
  all(): readonly RecentReview[];
  /** Puts a review in place of what was remembered of it; forgets those of its page that are too old or too many. */
  put(review: RecentReview, firstDay: EpochDay): void;
}

/** Reviews are spread by user over pages, so that one review is found and written without the others. */
const KEYS = keysOf('reviews', 64);
const PAGE_REVIEWS = 8;

const AFTER_USER_BYTES = 7;
const HELD = 1;
const COUNTED = 2;

export const recentReviewsOf = (memory: CourseMemory): RecentReviews => {
  const keyFor = (userId: UserId): string => KEYS[toPositive(murmur2OfAscii(userId)) % KEYS.length] ?? '';
  return {
    find: (userId) => readPage(memory, keyFor(userId)).find((review) => review.userId === userId),
    all: () => KEYS.flatMap((key) => readPage(memory, key)),
    put(review, firstDay) {
      const key = keyFor(review.userId);
      const others = readPage(memory, key).filter(
        (other) => other.userId !== review.userId && lastDayOf(other) >= firstDay,
      );
      memory.put(key, pageOf([...others, review].slice(-PAGE_REVIEWS)));
    },
  };
};

/** The day of its last submission: an edit need not count anew, but the rewrites of a day are to be known. */
const lastDayOf = ({ day, submittedAtS }: RecentReview): number =>
  Math.max(day, dayOf(1000 * (submittedAtS.at(-1) ?? 0)));

const pageOf = (reviews: readonly RecentReview[]): Uint8Array => {
  const bytes = reviews.reduce(
    (total, { userId, submittedAtS }) =>
      total + 1 + userId.length + AFTER_USER_BYTES + 4 * submittedAtS.length,
    0,
  );
  const { value, body } = newValue(bytes);
  let at = 0;
  for (const { userId, day, cell, held, counted, submittedAtS } of reviews) {
    at = putAscii(body, at, userId);
    body.setInt32(at, day);
    body.setUint8(at + 4, cell);
    body.setUint8(at + 5, (held ? HELD : 0) + (counted ? COUNTED : 0));
    body.setUint8(at + 6, submittedAtS.length);
    at += AFTER_USER_BYTES;
    for (const second of submittedAtS) {
      body.setUint32(at, second);
      at += 4;
    }
  }
  return value;
};

/** The reviews of a page; of a damaged one those before the damage. */
const readPage = (memory: CourseMemory, key: string): readonly RecentReview[] => {
  const body = bodyOf(memory.get(key));
  const reviews: RecentReview[] = [];
  if (body === undefined) return reviews;
  for (let at = 0; at < body.byteLength;) {
    const afterUser = at + 1 + body.getUint8(at);
    const times = afterUser + AFTER_USER_BYTES;
    if (times > body.byteLength) break;
    const count = body.getUint8(times - 1);
    const end = times + 4 * count;
    const userId = parseUserId(asciiAt(body, at + 1, afterUser - at - 1));
    const cell = body.getUint8(afterUser + 4);
    if (end > body.byteLength || userId === undefined || cell >= CELLS) break;
    const flags = body.getUint8(afterUser + 5);
    reviews.push({
      userId,
      day: body.getInt32(afterUser) as EpochDay,
      cell,
      held: (flags & HELD) !== 0,
      counted: (flags & COUNTED) !== 0,
      submittedAtS: Array.from({ length: count }, (_, index) => body.getUint32(times + 4 * index)),
    });
    at = end;
  }
  return reviews;
};
