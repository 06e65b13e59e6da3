import { expect } from '@jest/globals';
import { reviewIdOf } from '@reviews/contracts';
import { murmur2OfAscii, toPositive, type CourseId, type UserId } from '@reviews/domain';
import { seededRandom, type Random } from '../campaign/random.js';
import { apiAt, type StatisticsAnswer } from '../support/api.js';

const COURSES = 6;
const USERS = 6;
const SEED = 4_711;
/** What the stack must be launched with: so many that many are held. */
export const FRAUD_PERCENT = 20;

const KEYS = ['0.5', '1', '1.5', '2', '2.5', '3', '3.5', '4', '4.5', '5'];

/** What a client did last to one of its reviews. */
interface OwnReview {
  readonly courseId: string;
  readonly userId: string;
  readonly isHeld: boolean;
  /** Undefined: never written; null: withdrawn. */
  readonly rating: number | null | undefined;
  readonly title: string | null;
  /** The last submission, to be repeated. */
  readonly key: string;
}

/** What became of the pairs. */
export interface PairFigures {
  readonly pairs: number;
  /** Answers that said that they were stale, of both reads of all pairs. */
  readonly stale: number;
  readonly byKind: ReadonlyMap<string, number>;
  /** From the request that writes to the answer of the read of statistics, sorted. */
  readonly tookMs: readonly number[];
}

/**
 * Writes and reads what was written, again and again, as the only client of its courses: whatever an answer that is not
 * marked stale says must be what the client itself has made of its reviews.
 */
export const writeAndRead = async (url: string, pairs: number): Promise<PairFigures> => {
  const client = clientAt(url, seededRandom(SEED));
  const byKind = new Map<string, number>();
  const tookMs: number[] = [];
  let stale = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const startedMs = performance.now();
    const { kind, own, position } = await client.write(pair);
    byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
    const answers = [() => client.checkStatistics(own, position), () => client.checkReview(own, position)];
    // Sometimes the one first and sometimes the other: neither waits on behalf of the other then.
    const [first, second] = pair % 2 === 0 ? answers : answers.toReversed();
    const isStale = [await first?.(), await second?.()];
    if (pair % 2 === 0) tookMs.push(performance.now() - startedMs);
    stale += isStale.filter((is) => is === true).length;
  }
  return { pairs, stale, byKind, tookMs: tookMs.sort((a, b) => a - b) };
};

const clientAt = (url: string, random: Random) => {
  const api = apiAt(url);
  const reviews = new Map<string, OwnReview>();

  const pick = (): OwnReview => {
    const courseId = `own-${random.below(COURSES)}`;
    const userId = `user-${random.below(USERS)}`;
    return reviews.get(`${courseId}/${userId}`) ?? newReview(courseId, userId);
  };

  const submit = async (own: OwnReview) => {
    const { courseId, userId, rating, title, key } = own;
    const answer = await api.submit(courseId, { userId, rating, title }, { 'idempotency-key': key });
    expect(answer.status).toBe(202);
    reviews.set(`${courseId}/${userId}`, own);
    return { own, position: answer.body.position };
  };

  const withdraw = async (own: OwnReview) => {
    const answer = await api.withdraw(own.courseId, own.userId);
    expect(answer.status).toBe(202);
    const after = own.rating === undefined ? own : { ...own, rating: null };
    reviews.set(`${own.courseId}/${own.userId}`, after);
    return { own: after, position: answer.body.position };
  };

  const expectedStatistics = (courseId: string) => {
    const counts = Object.fromEntries(KEYS.map((key) => [key, 0]));
    const seen = [...reviews.values()].filter((own) => own.courseId === courseId && !own.isHeld);
    for (const { rating } of seen)
      if (typeof rating === 'number') counts[String(rating)] = (counts[String(rating)] ?? 0) + 1;
    return { wasSeen: seen.some(({ rating }) => rating !== undefined), halfStarCounts: counts };
  };

  return {
    async write(pair: number): Promise<{ kind: string; own: OwnReview; position: string }> {
      const own = pick();
      const rating = (random.below(10) + 1) / 2;
      const fresh = { ...own, rating, title: `Pair ${pair}`, key: `key-${pair}` };
      const isLive = typeof own.rating === 'number';
      const choice = random.below(10);
      if (choice < 2)
        return { kind: isLive ? 'withdrawn' : 'withdrawn without one', ...(await withdraw(own)) };
      if (!isLive) return { kind: own.isHeld ? 'new and held' : 'new', ...(await submit(fresh)) };
      if (choice < 4) return { kind: 'repeated', ...(await submit(own)) };
      if (choice < 6) return { kind: 'unchanged', ...(await submit({ ...own, key: fresh.key })) };
      return { kind: own.isHeld ? 'edited and held' : 'edited', ...(await submit(fresh)) };
    },

    async checkStatistics({ courseId }: OwnReview, position: string): Promise<boolean> {
      const { status, body } = await api.statistics(courseId, position);
      if (body.stale === true) return true;
      const expected = expectedStatistics(courseId);
      expect(status).toBe(expected.wasSeen ? 200 : 404);
      if (expected.wasSeen) expect(body.allTime.halfStarCounts).toEqual(expected.halfStarCounts);
      if (expected.wasSeen) expect(body.recent.halfStarCounts).toEqual(expected.halfStarCounts);
      return false;
    },

    async checkReview(own: OwnReview, position: string): Promise<boolean> {
      const path = `${url}/v1/courses/${own.courseId}/reviews/${own.userId}?after=${position}`;
      const response = await fetch(path);
      const body = (await response.json()) as Readonly<Record<string, unknown>> & Partial<StatisticsAnswer>;
      if (body.stale === true) return true;
      expect(response.status).toBe(own.rating === undefined ? 404 : 200);
      if (own.rating === undefined) return false;
      if (own.rating === null) {
        expect(body).toMatchObject({ status: 'withdrawn' });
        expect(body).not.toHaveProperty('title');
        return false;
      }
      const { rating, title, isHeld } = own;
      expect(body).toMatchObject({ status: isHeld ? 'held' : 'published', rating, title });
      return false;
    },
  };
};

const newReview = (courseId: string, userId: string): OwnReview => {
  const reviewId = reviewIdOf(courseId as CourseId, userId as UserId);
  const isHeld = toPositive(murmur2OfAscii(reviewId)) % 100 < FRAUD_PERCENT;
  return { courseId, userId, isHeld, rating: undefined, title: null, key: '' };
};
