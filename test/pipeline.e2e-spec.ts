import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiAt, type StatisticsAnswer } from './support/api.js';
import { eventually } from './support/eventually.js';
import { launchStack, sharedInfrastructure, type LaunchedStack } from './support/launched-stack.js';
import { endOffsets, settled, sum } from './support/log-offsets.js';
import { recomputedRows, storedRows } from './support/recomputed-rows.js';
import { isAcceptable, reviewFile, type ReviewRow } from './support/review-rows.js';
import { topicRecords } from './support/topic-records.js';

const DAY_MS = 86_400_000;
const PREFIX = 'pipeline-';
const PUBLIC_TOPICS = [
  'reviews',
  'reviews-valid',
  'reviews-fraud',
  'long-term-stats',
  'recent-stats',
  'aggregator-progress',
  'fraud-detector-progress',
];
const KEYS = ['0.5', '1', '1.5', '2', '2.5', '3', '3.5', '4', '4.5', '5'];

describe('reviews from HTTP to statistics', () => {
  const file = reviewFile();
  let stack: LaunchedStack;
  let api: ReturnType<typeof apiAt>;

  beforeAll(async () => {
    stack = await launchStack({
      ...sharedInfrastructure(),
      TOPIC_PREFIX: PREFIX,
      FRAUD_PERCENT: '0',
    });
    api = apiAt(stack.url);
  }, 120_000);

  afterAll(async () => {
    await stack.destroy();
  });

  const answers = async (): Promise<ReadonlyMap<string, StatisticsAnswer | null>> => {
    const all = new Map<string, StatisticsAnswer | null>();
    for (const { courseId } of file.expected) {
      const { status, body } = await api.statistics(courseId);
      all.set(courseId, status === 200 ? body : null);
    }
    return all;
  };

  it(`come to what the oracle says of ${file.description}, course by course`, async () => {
    const { status, summary, refused } = await api.importRows(file.rows);
    expect(status).toBe(200);
    const acceptable = file.rows.filter(isAcceptable).length;
    expect(summary).toEqual({ accepted: acceptable, refused: file.rows.length - acceptable, complete: true });
    expect(refused).toHaveLength(summary.refused);
    await settled(stack);
    const found = await answers();
    for (const course of file.expected) {
      const statistics = found.get(course.courseId) ?? null;
      if (course.count === 0) {
        expect(statistics).toBeNull();
        continue;
      }
      expect(statistics?.allTime).toMatchObject({
        count: course.count,
        averageRating: course.average,
        lastReviewAt: course.lastReviewAt,
      });
      expect(KEYS.map((key) => statistics?.allTime.halfStarCounts[key])).toEqual(course.halfStarCounts);
      expect(statistics?.recent).toMatchObject({ count: 0, averageRating: null, windowDays: 90 });
    }
  }, 120_000);

  it('stay what they are, versions included, when the same file is imported again', async () => {
    const before = await answers();
    const { summary } = await api.importRows(file.rows);
    expect(summary.complete).toBe(true);
    await settled(stack);
    expect(await answers()).toEqual(before);
  }, 120_000);

  it('show the window once reviews of the last 120 days are there', async () => {
    const nowMs = Date.now();
    const moved = file.rows.filter(isAcceptable).map((row, index): ReviewRow => {
      const createdAtMs = nowMs - (index % 120) * DAY_MS;
      return { ...row, userId: `moved-${index}`, createdAt: new Date(createdAtMs).toISOString() };
    });
    await api.importRows(moved);
    await settled(stack);
    const recent = [...(await answers()).values()].map((statistics) => statistics?.recent.count ?? 0);
    const lastDay = Math.floor(nowMs / DAY_MS);
    const inWindow = moved.filter(
      ({ createdAt }) => Math.floor(Date.parse(createdAt) / DAY_MS) > lastDay - 90,
    );
    expect(sum(recent)).toBe(inWindow.length);
    expect(inWindow.length).toBeLessThan(moved.length);
  }, 120_000);

  /** Statistics that include a command: on a busy machine it takes more than one answer's two seconds. */
  const including = (course: string, position: string) =>
    eventually(async () => {
      const answer = await api.statistics(course, position);
      expect(answer.body.stale).toBeUndefined();
      return answer;
    });

  it('follow an edit and a withdrawal, and read their own writes', async () => {
    const course = 'edits-and-withdrawals';
    await api.submit(course, { userId: 'ann', rating: 1 });
    await api.submit(course, { userId: 'bob', rating: 5, courseTitle: 'Edits' });
    const edited = await api.submit(course, { userId: 'ann', rating: 4.5 });
    const afterEdit = await including(course, edited.body.position);
    expect(afterEdit.body).toMatchObject({
      courseTitle: 'Edits',
      allTime: { count: 2, averageRating: 4.75 },
    });
    expect(afterEdit.body.recent.count).toBe(2);
    const withdrawn = await api.withdraw(course, 'ann');
    expect(withdrawn.status).toBe(202);
    expect((await including(course, withdrawn.body.position)).body.allTime.count).toBe(1);
    const last = await api.withdraw(course, 'bob');
    const empty = await including(course, last.body.position);
    expect(empty.status).toBe(200);
    expect(empty.body.allTime).toMatchObject({ count: 0, averageRating: null });
  });

  it('count a repeated request once, whether its key or its content tells', async () => {
    const course = 'repeats';
    const review = { userId: 'ann', rating: 3, content: 'the same' };
    const first = await api.submit(course, review, { 'idempotency-key': 'k1' });
    await api.submit(course, review, { 'idempotency-key': 'k1' });
    await api.submit(course, { ...review, rating: 4 }, { 'idempotency-key': 'k2' });
    const late = await api.submit(course, review, { 'idempotency-key': 'k1' });
    const { body } = await including(course, late.body.position);
    expect(first.body.reviewId).toBe(late.body.reviewId);
    expect(body.allTime).toMatchObject({ count: 1, averageRating: 4 });
  });

  it('are the rows a batch recomputation of the topic gives, byte for byte', async () => {
    await settled(stack);
    const expected = await recomputedRows(stack);
    expect(expected.size).toBeGreaterThan(80);
    expect(await storedRows(stack, expected.keys())).toEqual(expected);
  }, 60_000);

  it('stand on topics that a client decodes which knows only the registry', async () => {
    const run = await stack.run();
    for (const topic of PUBLIC_TOPICS) {
      const records = await topicRecords(run, PREFIX + topic);
      expect(records.every(({ value }) => value !== null)).toBe(true);
      if (topic !== 'reviews-fraud') expect(records.length).toBeGreaterThan(0);
    }
  }, 60_000);

  it('are there soon after a single review on the idle system', async () => {
    const RUNS = 30;
    const tookMs: number[] = [];
    for (let index = 0; index < RUNS; index++) {
      const startedMs = performance.now();
      const { body } = await api.submit('latency', { userId: `user-${index}`, rating: 5 });
      const { body: statistics } = await api.statistics('latency', body.position);
      tookMs.push(performance.now() - startedMs);
      expect(statistics.allTime.count).toBe(index + 1);
    }
    tookMs.sort((a, b) => a - b);
    const at = (share: number): string => (tookMs[Math.floor(RUNS * share)] ?? 0).toFixed(0);
    process.stdout.write(
      `POST to statistics, single review, ${RUNS} runs: p50 ${at(0.5)} ms, p90 ${at(0.9)} ms\n`,
    );
  }, 60_000);

  describe('are never touched by bad input:', () => {
    const valid = { userId: 'ann', rating: 4 };
    const long = 'x'.repeat(65);
    it.each([
      ['no body', 'c', '', 400, undefined],
      ['not JSON', 'c', '{"userId":', 400, undefined],
      ['2 MB', 'c', JSON.stringify({ ...valid, content: 'x'.repeat(2_000_000) }), 413, undefined],
      ['rating 0', 'c', { ...valid, rating: 0 }, 400, 'rating'],
      ['rating 5.5', 'c', { ...valid, rating: 5.5 }, 400, 'rating'],
      ['rating 4.3', 'c', { ...valid, rating: 4.3 }, 400, 'rating'],
      ['a rating as text', 'c', { ...valid, rating: '5' }, 400, 'rating'],
      ['NaN', 'c', '{"userId":"ann","rating":NaN}', 400, undefined],
      ['no userId', 'c', { rating: 4 }, 400, 'userId'],
      ['a courseId with a slash', 'a%2Fb', valid, 400, 'courseId'],
      ['a courseId with a space', 'a%20b', valid, 400, 'courseId'],
      ['a courseId of 65 characters', long, valid, 400, 'courseId'],
      ['content of 32,769 characters', 'c', { ...valid, content: 'x'.repeat(32_769) }, 400, 'content'],
      ['an unknown property', 'c', { ...valid, stars: 5 }, 400, 'stars'],
    ] as const)('%s', async (_what, courseId, body, status, field) => {
      const before = await endOffsets(stack, 'reviews');
      const answer = await api.submit<Record<string, unknown>>(courseId, body);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.status).toBe(status);
      const fields = ((answer.body['errors'] ?? []) as { field: string }[]).map((error) => error.field);
      if (field !== undefined) expect(fields).toEqual([field]);
      expect(await endOffsets(stack, 'reviews')).toEqual(before);
    });

    it('another content type', async () => {
      const answer = await api.submit('c', 'userId=ann', { 'content-type': 'text/plain' });
      expect(answer.status).toBe(415);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });
  });
});
