import pg from 'pg';
import { apiAt } from './api.js';
import type { LaunchedStack } from './launched-stack.js';

/** Without it the readers take the processors from those who write and rebuild. */
const PAUSE_MS = 10;

/** Readers that go on until they are stopped. */
export interface WatchedReads {
  /** How much was read, and what nobody may ever read. */
  stop(): Promise<{ readonly reads: number; readonly wrong: readonly string[] }>;
}

const STATEMENT =
  'select course_id, user_id, cause_offset::float8 as cause from SCHEMA.reviews where course_id = any($1)';

/**
 * Reads statistics over HTTP and reviews over SQL, with a prepared statement, again and again. Wrong are errors, what was there and is not any
 * longer, and versions and causes that go back.
 */
export const watched = async (
  stack: LaunchedStack,
  schema: string,
  courseIds: readonly string[],
): Promise<WatchedReads> => {
  const client = new pg.Client({ connectionString: (await stack.run()).databaseUrl });
  await client.connect();
  const newest = new Map<string, number>();
  const wrong: string[] = [];
  let reads = 0;
  let isStopped = false;

  const see = (what: string, version: number): void => {
    const before = newest.get(what) ?? -1;
    if (version < before) wrong.push(`${what}: ${version} after ${before}`);
    newest.set(what, Math.max(before, version));
  };

  const readStatistics = async (): Promise<void> => {
    for (const courseId of courseIds) {
      const { status, body } = await apiAt(stack.url).statistics(courseId);
      reads += 1;
      if (status === 200) {
        see(`${courseId} all time`, body.allTime.version);
        see(`${courseId} recent`, body.recent.version);
      } else if (newest.has(`${courseId} all time`)) wrong.push(`${courseId}: status ${status}`);
    }
  };

  const readReviews = async (): Promise<void> => {
    const { rows } = await client.query<{ course_id: string; user_id: string; cause: number }>({
      name: 'reviews-of-courses',
      text: STATEMENT.replace('SCHEMA', schema),
      values: [courseIds],
    });
    reads += 1;
    const found = new Set<string>();
    for (const { course_id, user_id, cause } of rows) {
      const review = `review ${course_id}/${user_id}`;
      found.add(review);
      see(review, cause);
    }
    for (const review of newest.keys())
      if (review.startsWith('review ') && !found.has(review)) wrong.push(`${review} is not there`);
  };

  const repeat = async (read: () => Promise<void>): Promise<void> => {
    while (!isStopped) {
      await read().catch((error: unknown) => wrong.push(String(error)));
      await new Promise((later) => setTimeout(later, PAUSE_MS));
    }
  };
  const readers = [repeat(readStatistics), repeat(readReviews)];
  return {
    async stop() {
      isStopped = true;
      await Promise.all(readers);
      await client.end();
      return { reads, wrong };
    },
  };
};
