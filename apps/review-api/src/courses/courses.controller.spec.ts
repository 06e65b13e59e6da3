import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyHistogram, partitionOf, type CourseId, type EpochDay, type EventTimeMs } from '@reviews/domain';
import type { StoredCourseStatistics } from '@reviews/read-model';
import { APPEND_TIME_MS, apiUnderTest, type ApiUnderTest } from '../testing/api-under-test.js';

const STATISTIC = {
  histogram: emptyHistogram.with(9, 1),
  lastReviewAtMs: APPEND_TIME_MS as EventTimeMs,
  version: 3,
  updatedAtMs: APPEND_TIME_MS,
};
const stored = (courseId: string): StoredCourseStatistics => ({
  courseId,
  courseTitle: null,
  allTime: STATISTIC,
  recent: { ...STATISTIC, day: 20_500 as EpochDay },
});

let api: ApiUnderTest;

beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(async () => {
  await api.app.close();
});

const get = (query = '') => api.app.inject({ method: 'GET', url: `/v1/courses${query}` });

describe('a list of courses over HTTP', () => {
  it('tells of each course what its statistics do, with the window of its partition', async () => {
    api.courses.stored.push(stored('ts-101'));
    api.courses.days.set(partitionOf('ts-101' as CourseId, 4), 20_512 as EpochDay);
    api.statistics.courses.set('ts-101', stored('ts-101'));
    api.statistics.partitions.set(partitionOf('ts-101' as CourseId, 4), {
      ...{ reviewsEnd: 8, reviewsValidEnd: 4, day: 20_512 as EpochDay },
    });
    const one = await api.app.inject({ method: 'GET', url: '/v1/courses/ts-101/statistics' });
    expect((await get()).json()).toEqual({ courses: [one.json()], nextCursor: null });
  });

  it('is walked by its cursors to the end', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    api.courses.stored.push(...ids.map(stored));
    const seen: string[] = [];
    let query = '?limit=2';
    for (;;) {
      const page = (await get(query)).json<{ courses: { courseId: string }[]; nextCursor: string | null }>();
      seen.push(...page.courses.map(({ courseId }) => courseId));
      if (page.nextCursor === null) break;
      query = `?limit=2&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(ids);
  });

  it('begins with the best of late unless the client says otherwise', async () => {
    await get();
    expect(api.courses.request).toEqual({ q: null, sort: 'recent-rating', after: null, limit: 21 });
    await get('?q=go&sort=title&limit=1');
    expect(api.courses.request).toEqual({ q: 'go', sort: 'title', after: null, limit: 2 });
  });

  it('takes a cursor that another process signed with the key of new tables', async () => {
    api.courses.stored.push(...['a', 'b'].map(stored));
    // Signing reads the key of before.
    await get('?limit=1');
    api.cursorKey = Buffer.alloc(32, 2);
    const other = await apiUnderTest();
    other.cursorKey = Buffer.alloc(32, 2);
    other.courses.stored.push(...['a', 'b'].map(stored));
    const page = await other.app.inject({ method: 'GET', url: '/v1/courses?limit=1' });
    await other.app.close();
    const { nextCursor } = page.json<{ nextCursor: string }>();
    // A key that was read a moment ago is not read again for each cursor that does not fit.
    let answer = await get(`?cursor=${nextCursor}`);
    while (answer.statusCode === 400) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      answer = await get(`?cursor=${nextCursor}`);
    }
    expect(answer.json()).toMatchObject({ courses: [{ courseId: 'b' }] });
  });

  it('is refused with one entry for each bad parameter', async () => {
    const response = await get('?limit=x&sort=newest&stars=4');
    expect(response.statusCode).toBe(400);
    const { errors } = response.json<{ errors: { field: string }[] }>();
    expect(errors.map(({ field }) => field)).toEqual(['limit', 'sort', 'stars']);
  });
});
