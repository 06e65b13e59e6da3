import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { apiAt } from './support/api.js';
import { eventually } from './support/eventually.js';
import { launchStack, pidOf, sharedInfrastructure, type LaunchedStack } from './support/launched-stack.js';
import { settled } from './support/log-offsets.js';
import { recomputedRows, storedRows } from './support/recomputed-rows.js';
import type { ReviewRow } from './support/review-rows.js';
import { topicRecords, type DecodedRecord } from './support/topic-records.js';

const PREFIX = 'rules-';
const DAY_MS = 86_400_000;

/** A text of its own for each number: forty words of five letters that no other has. */
const textOf = (seed: number): string =>
  Array.from({ length: 40 }, (_, i) =>
    createHash('sha256').update(`${seed}/${i}`).digest('base64url').slice(0, 5),
  ).join(' ');

/** Reviews of two years, rated in the middle, that came in a file. */
const history = (courseId: string, reviews: number): readonly ReviewRow[] =>
  Array.from({ length: reviews }, (_, i) => ({
    courseId,
    courseTitle: courseId,
    userId: `old-${i}`,
    rating: 2 + (i % 5) / 2,
    createdAt: new Date(Date.now() - (30 + i * 10) * DAY_MS).toISOString(),
    content: textOf(i),
  }));

describe('with the rules detector', () => {
  let stack: LaunchedStack;
  let api: ReturnType<typeof apiAt>;

  beforeAll(async () => {
    stack = await launchStack({ ...sharedInfrastructure(), TOPIC_PREFIX: PREFIX, FRAUD_DETECTOR: 'rules' });
    api = apiAt(stack.url);
  }, 120_000);

  afterAll(async () => {
    await stack.destroy();
  });

  const post = async (courseId: string, userId: string, rating: number, content: string): Promise<void> => {
    expect((await api.submit(courseId, { userId, rating, content })).status).toBe(202);
  };

  const holdsOf = async (courseId: string): Promise<readonly DecodedRecord[]> => {
    await settled(stack);
    const records = await topicRecords(await stack.run(), `${PREFIX}reviews-fraud`);
    return records.filter(({ value }) => value?.['courseId'] === courseId && value['after'] !== null);
  };

  const reasonsOf = ({ value }: DecodedRecord): unknown =>
    (value?.['verdict'] as { reasons: unknown } | null)?.reasons;

  const countOf = async (courseId: string): Promise<number> => {
    await settled(stack);
    return (await api.statistics(courseId)).body.allTime.count;
  };

  it('a burst of praise is held, its first reviews afterwards, also when the detector dies in the middle', async () => {
    const course = 'burst';
    await api.importRows(history(course, 60));
    expect(await countOf(course)).toBe(60);
    for (let i = 0; i < 3; i++) await post(course, `fan-${i}`, 5, textOf(1_000 + i));
    expect(await countOf(course)).toBe(63);
    const died = await pidOf(stack, 'fraud-detector');
    process.kill(died, 'SIGKILL');
    await eventually(async () => {
      expect(await pidOf(stack, 'fraud-detector')).not.toBe(died);
    });
    for (let i = 3; i < 20; i++) await post(course, `fan-${i}`, 5, textOf(1_000 + i));
    const holds = await holdsOf(course);
    expect(new Set(holds.map(({ value }) => value?.['userId'])).size).toBe(holds.length);
    expect(holds.every((hold) => JSON.stringify(reasonsOf(hold)) === '["rating-burst"]')).toBe(true);
    // As many as come anyway may stay.
    expect(holds.length).toBeGreaterThan(17);
    expect(await countOf(course)).toBe(60 + 20 - holds.length);
  }, 120_000);

  it('a review held afterwards says where its text stands', async () => {
    const held = (await holdsOf('burst')).filter(({ value }) => value?.['textOffset'] !== null);
    expect(held.length).toBeGreaterThan(0);
    const commands = await topicRecords(await stack.run(), `${PREFIX}reviews`);
    for (const { partition, value } of held) {
      const command = commands.find(
        (record) => record.partition === partition && record.offset === Number(value?.['textOffset']),
      );
      expect(command?.value?.['userId']).toBe(value?.['userId']);
      expect(command?.value?.['content']).toMatch(/\w/);
    }
  });

  it('the later of two like texts is held, and the first stays', async () => {
    const text = textOf(5_000);
    await post('copies', 'author', 4, text);
    await post('copies', 'copier', 4, `Hello! ${text.toUpperCase()}.`);
    const holds = await holdsOf('copies');
    expect(holds.map((hold) => [hold.value?.['userId'], reasonsOf(hold)])).toEqual([
      ['copier', ['near-copy']],
    ]);
    expect(await countOf('copies')).toBe(1);
  });

  it('one who rewrites without end is held until he stops', async () => {
    for (let i = 0; i < 6; i++) await post('rewrites', 'restless', 3, textOf(6_000 + i));
    const holds = await holdsOf('rewrites');
    expect(holds.map(reasonsOf)).toEqual([['rewrite-rate']]);
    expect(await countOf('rewrites')).toBe(0);
  });

  it('a file is no burst, however one-sided and sudden', async () => {
    const now = new Date(Date.now() - 60_000).toISOString();
    const rows = history('imported', 100).map((row) => ({ ...row, rating: 5, createdAt: now }));
    await api.importRows(rows);
    expect(await countOf('imported')).toBe(100);
  });

  it('the statistics are those of the reviews that are valid in the end', async () => {
    const expected = await recomputedRows(stack);
    expect(expected.size).toBe(4);
    expect(await storedRows(stack, expected.keys())).toEqual(expected);
  }, 60_000);
});
