import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyHistogram, partitionOf, type CourseId, type EpochDay, type EventTimeMs } from '@reviews/domain';
import { ReadModelError, type StoredCourseStatistics } from '@reviews/read-model';
import { APPEND_TIME_MS, apiUnderTest, type ApiUnderTest } from '../testing/api-under-test.js';

const COURSE = 'ts-101' as CourseId;
const PARTITION = partitionOf(COURSE, 4);
const STATISTIC = {
  histogram: emptyHistogram.with(9, 1),
  lastReviewAtMs: APPEND_TIME_MS as EventTimeMs,
  version: 3,
  updatedAtMs: APPEND_TIME_MS,
};
const STORED: StoredCourseStatistics = {
  courseId: COURSE,
  courseTitle: null,
  allTime: STATISTIC,
  recent: { ...STATISTIC, day: 20_500 as EpochDay },
};

let api: ApiUnderTest;

beforeEach(async () => {
  api = await apiUnderTest();
  api.statistics.courses.set(COURSE, STORED);
});

afterEach(async () => {
  await api.app.close();
});

const get = (query = '', courseId: string = COURSE) =>
  api.app.inject({ method: 'GET', url: `/v1/courses/${courseId}/statistics${query}` });

const reachOffset = (reviewsEnd: number): void => {
  api.statistics.partitions.set(PARTITION, { reviewsEnd, reviewsValidEnd: 4, day: 20_512 as EpochDay });
};

describe('statistics over HTTP', () => {
  it('are answered for a course with reviews, with the window of its partition', async () => {
    reachOffset(8);
    const response = await get();
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      courseId: COURSE,
      courseTitle: null,
      allTime: { count: 1, averageRating: 5 },
      recent: { windowEnd: '2026-02-28' },
    });
    expect(response.json()).not.toHaveProperty('stale');
  });

  it('are 404 for a course nobody reviewed', async () => {
    const response = await get('', 'unknown');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ status: 404, detail: 'Course unknown has no reviews.' });
  });

  it('wait for the command a client names', async () => {
    reachOffset(7);
    setTimeout(() => {
      reachOffset(8);
      api.notify();
    }, 50);
    const response = await get(`?after=reviews:${PARTITION}:7`);
    expect(response.statusCode).toBe(200);
    expect(response.json()).not.toHaveProperty('stale');
  });

  it('say so when that command is not included after two seconds', async () => {
    reachOffset(7);
    const startedAtMs = performance.now();
    const response = await get(`?after=reviews:${PARTITION}:7`);
    expect(performance.now() - startedAtMs).toBeLessThan(2_500);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ courseId: COURSE, stale: true });
  });

  it('say so, too, of a course that is not there up to now', async () => {
    const partition = partitionOf('unknown' as CourseId, 4);
    const response = await get(`?after=reviews:${partition}:7`, 'unknown');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ status: 404, stale: true });
  });

  it('say so when the tables were restored between the wait and the answer', async () => {
    reachOffset(8);
    api.statistics.onProgress = () => {
      reachOffset(7);
    };
    expect((await get(`?after=reviews:${PARTITION}:7`)).json()).toMatchObject({ stale: true });
  });

  it('are answered with 503 when the database hangs', async () => {
    reachOffset(8);
    api.statistics.hang();
    for (const query of ['', `?after=reviews:${PARTITION}:7`]) {
      const startedAtMs = performance.now();
      expect((await get(query)).statusCode).toBe(503);
      expect(performance.now() - startedAtMs).toBeLessThan(4_000);
    }
  }, 10_000);

  it.each([
    ['no position', '?after=7'],
    ['empty', '?after='],
    ['given twice', `?after=reviews:${PARTITION}:7&after=reviews:${PARTITION}:8`],
    ['of another partition', `?after=reviews:${(PARTITION + 1) % 4}:7`],
  ])('are refused when after is %s', async (_what, query) => {
    const response = await get(query);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ field: 'after' }] });
  });

  it('are refused for a bad courseId', async () => {
    const response = await get('', 'a%2Fb');
    expect(response.json()).toMatchObject({ status: 400, errors: [{ field: 'courseId' }] });
  });

  it.each(['DATABASE_UNAVAILABLE', 'NOT_MIGRATED'] as const)(
    'are answered with 503 while the database cannot tell: %s',
    async (code) => {
      api.statistics.failure = new ReadModelError(code, 'no');
      const response = await get();
      expect(response.statusCode).toBe(503);
      expect(response.headers['retry-after']).toBe('1');
    },
  );
});
