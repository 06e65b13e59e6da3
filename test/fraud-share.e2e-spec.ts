import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiAt } from './support/api.js';
import { launchStack, sharedInfrastructure, type LaunchedStack } from './support/launched-stack.js';
import { settled } from './support/log-offsets.js';
import { recomputedRows, storedRows } from './support/recomputed-rows.js';
import { isAcceptable, reviewFile } from './support/review-rows.js';
import { topicRecords } from './support/topic-records.js';

const PREFIX = 'fraud-';

describe('with the default share of fraud', () => {
  const file = reviewFile();
  let stack: LaunchedStack;

  beforeAll(async () => {
    stack = await launchStack({ ...sharedInfrastructure(), TOPIC_PREFIX: PREFIX });
    await apiAt(stack.url).importRows(file.rows);
    await settled(stack);
  }, 120_000);

  afterAll(async () => {
    await stack.destroy();
  });

  /** The reviews that are live in a topic after its last record. */
  const liveIn = async (topic: string): Promise<ReadonlySet<string>> => {
    const live = new Set<string>();
    for (const { value } of await topicRecords(await stack.run(), PREFIX + topic)) {
      const reviewId = value?.['reviewId'];
      if (typeof reviewId !== 'string') continue;
      if (value?.['after'] === null) live.delete(reviewId);
      else live.add(reviewId);
    }
    return live;
  };

  it('each review is live in exactly one of reviews-valid and reviews-fraud', async () => {
    const valid = await liveIn('reviews-valid');
    const held = await liveIn('reviews-fraud');
    const submitted = new Set(file.rows.filter(isAcceptable).map((row) => `${row.courseId}/${row.userId}`));
    expect([...valid].filter((reviewId) => held.has(reviewId))).toEqual([]);
    expect(valid.size + held.size).toBe(submitted.size);
    const share = (100 * held.size) / submitted.size;
    process.stdout.write(
      `Held of ${file.description}: ${held.size} of ${submitted.size} live ones, ${share.toFixed(2)} %\n`,
    );
    expect(share).toBeGreaterThan(3);
    expect(share).toBeLessThan(7);
  }, 60_000);

  it('the statistics are those of the valid reviews alone', async () => {
    const expected = await recomputedRows(stack);
    expect(await storedRows(stack, expected.keys())).toEqual(expected);
  }, 60_000);

  it('a reader of his own writes is told about held and unchanged reviews, too', async () => {
    const api = apiAt(stack.url);
    for (let user = 0; user < 40; user++) {
      const review = { userId: `reader-${user}`, rating: 3 };
      await api.submit('read-your-writes', { userId: 'first', rating: 3 });
      const submitted = await api.submit('read-your-writes', review);
      expect((await api.statistics('read-your-writes', submitted.body.position)).body.stale).toBeUndefined();
      const repeated = await api.submit('read-your-writes', review);
      expect((await api.statistics('read-your-writes', repeated.body.position)).body.stale).toBeUndefined();
    }
  }, 60_000);
});
