import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { Client } from 'pg';
import { postgresUrl, startPostgres, type StartedPart } from '../stack/src/index.js';
import { apiAt } from './support/api.js';
import { EventClient } from './support/event-client.js';
import { eventually } from './support/eventually.js';
import { launchStack, pidOf, sharedInfrastructure, type LaunchedStack } from './support/launched-stack.js';

const PREFIX = 'live-';
const COURSES = 25;
const REVIEWS_PER_SECOND = 500;
const STEP_MS = 100;
const LOAD_SECONDS = 3;
const STREAMS = 1_000;
const MAX_STREAMS_MB = 200;
/** A stream that asked the database only once in so long would be found out. */
const QUIET_MS = 3_000;

describe('live updates', () => {
  let directory: string;
  let postgresOptions: Parameters<typeof startPostgres>[0];
  let postgres: StartedPart;
  let stack: LaunchedStack;
  let api: ReturnType<typeof apiAt>;
  let users = 0;
  const clients: EventClient[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'reviews-live-'));
    // Started by root, PostgreSQL runs as a user who must be let through.
    await chmod(directory, 0o711);
    postgresOptions = {
      dataDir: join(directory, 'data'),
      port: await getPort({ host: '127.0.0.1' }),
      password: 'only-for-tests',
      logFile: join(directory, 'postgres.log'),
    };
    postgres = await startPostgres(postgresOptions);
    stack = await launchStack({
      ...sharedInfrastructure(),
      DATABASE_URL: postgresUrl(postgresOptions),
      TOPIC_PREFIX: PREFIX,
    });
    api = apiAt(stack.url);
  }, 120_000);

  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  afterAll(async () => {
    await stack.destroy();
    await postgres.stop();
    await rm(directory, { recursive: true });
  });

  const follow = async (course?: string): Promise<EventClient> => {
    const path = course === undefined ? 'statistics/events' : `courses/${course}/statistics/events`;
    const client = new EventClient(`${stack.url}/v1/${path}`);
    clients.push(client);
    await client.open();
    return client;
  };

  const courses = Array.from({ length: COURSES }, (_, index) => `live-${index}`);

  /** Reviews by new users, spread over all courses. */
  const review = async (seconds: number): Promise<void> => {
    for (let step = 0; step < (seconds * 1_000) / STEP_MS; step++) {
      const rows = Array.from({ length: (REVIEWS_PER_SECOND * STEP_MS) / 1_000 }, () => {
        users += 1;
        const courseId = courses[users % COURSES] ?? '';
        return { courseId, userId: `user-${users}`, rating: ((users % 10) + 1) / 2 };
      });
      const endMs = performance.now() + STEP_MS;
      await importAll(rows);
      await new Promise((later) => setTimeout(later, endMs - performance.now()));
    }
  };

  // The API and what it needs may be away for a moment; a row that is sent twice counts once.
  const importAll = (rows: readonly object[]): Promise<void> =>
    eventually(async () => {
      const { summary } = await api.importRows(rows as Parameters<typeof api.importRows>[0]);
      expect(summary).toEqual({ accepted: rows.length, refused: 0, complete: true });
    });

  /** What GET answers of a course, once all that was submitted is in it. */
  const answerOf = async (courseId: string) => {
    const { body } = await api.submit(courseId, { userId: 'last', rating: (users % 10) / 2 + 0.5 });
    await eventually(async () => {
      expect((await api.statistics(courseId, body.position)).body.stale).toBeUndefined();
    });
    return [courseId, (await api.statistics(courseId)).body] as const;
  };
  const answers = async () => new Map(await Promise.all(courses.map(answerOf)));

  const hasHeardAll = async (client: EventClient): Promise<void> => {
    const expected = await answers();
    await eventually(async () => {
      expect(client.states).toEqual(expected);
      await Promise.resolve();
    });
    expect(client.stepsBack).toEqual([]);
    expect(client.resets).toBe(0);
  };

  it('lose nothing and never go back, at ten a second at most, while reviews pour in', async () => {
    const ofAll = await follow();
    const ofOne = await follow('live-7');
    const startedMs = performance.now();
    await review(LOAD_SECONDS);
    await hasHeardAll(ofAll);
    const seconds = (performance.now() - startedMs) / 1_000;
    expect(ofOne.states.get('live-7')).toEqual(ofAll.states.get('live-7'));
    expect([...ofOne.eventsOf.keys()]).toEqual(['live-7']);
    for (const client of [ofAll, ofOne])
      for (const events of client.eventsOf.values()) expect(events).toBeLessThanOrEqual(10 * seconds + 1);
    process.stdout.write(
      `${users} reviews in ${seconds.toFixed(1)} s: ${ofOne.eventsOf.get('live-7') ?? 0} events of a course\n`,
    );
  }, 120_000);

  it('lose nothing when the client is cut off, the API ends and the database is restarted', async () => {
    const ofAll = await follow();
    const cutting = setInterval(() => {
      ofAll.cut();
    }, 700);
    const reviewing = review(LOAD_SECONDS);
    await new Promise((later) => setTimeout(later, 1_000));
    process.kill(await pidOf(stack, 'review-api'), 'SIGKILL');
    await new Promise((later) => setTimeout(later, 1_000));
    await postgres.stop();
    postgres = await startPostgres(postgresOptions);
    await reviewing;
    clearInterval(cutting);
    await hasHeardAll(ofAll);
    expect(ofAll.connections).toBeGreaterThan(3);
  }, 120_000);

  it(`go on over streams that were open when the database went away`, async () => {
    const ofOne = await follow('live-3');
    await eventually(async () => {
      expect(ofOne.states.size).toBe(1);
      await Promise.resolve();
    });
    await postgres.stop();
    postgres = await startPostgres(postgresOptions);
    const { body } = await api.submit('live-3', { userId: 'after-the-restart', rating: 5 });
    await eventually(async () => {
      expect((await api.statistics('live-3', body.position)).body.stale).toBeUndefined();
      expect(ofOne.states.get('live-3')).toEqual((await api.statistics('live-3')).body);
    });
    expect(ofOne.connections).toBe(1);
  }, 120_000);

  it(`take less than ${MAX_STREAMS_MB} MB for ${STREAMS} streams, and no query each`, async () => {
    const pid = await pidOf(stack, 'review-api');
    const memoryMb = async (): Promise<number> => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
    };
    const queries = async (): Promise<number> => {
      const text = await (await fetch(`${stack.url}/metrics`)).text();
      return Number(/^live_feed_queries_total\S* (\d+)/m.exec(text)?.[1]);
    };
    const idleMb = await memoryMb();
    const queriesBefore = await queries();
    const streams = await Promise.all(
      Array.from({ length: STREAMS }, (_, index) =>
        follow(index % 2 === 0 ? courses[index % COURSES] : undefined),
      ),
    );
    await review(1);
    const expected = await answers();
    await eventually(async () => {
      for (const stream of streams) {
        for (const [courseId, state] of stream.states) expect(state).toEqual(expected.get(courseId));
        expect(stream.states.size).toBeGreaterThan(0);
      }
      await Promise.resolve();
    }, 60_000);
    const usedMb = (await memoryMb()) - idleMb;
    const opened = (await queries()) - queriesBefore;
    // Whatever is still on its way to the tables costs some; streams that asked for themselves would do so for ever.
    const transactions = await eventually(async () => {
      const inQuiet = await transactionsIn(QUIET_MS);
      expect(inQuiet).toBeLessThan(STREAMS / 10);
      return inQuiet;
    }, 60_000);
    process.stdout.write(
      `${STREAMS} streams: ${usedMb.toFixed(0)} MB over ${idleMb.toFixed(0)} MB; ${opened} queries until all had heard, ` +
        `${transactions} transactions of the whole system in ${QUIET_MS} ms of quiet\n`,
    );
    expect(usedMb).toBeLessThan(MAX_STREAMS_MB);
    expect(opened).toBeLessThan(STREAMS / 2);
  }, 180_000);

  /** Transactions of the database while nothing happens. */
  const transactionsIn = async (ms: number): Promise<number> => {
    const client = new Client(postgresUrl(postgresOptions));
    await client.connect();
    const committed = async (): Promise<number> => {
      const { rows } = await client.query<{ all: string }>(
        `select xact_commit + xact_rollback as all from pg_stat_database where datname = current_database()`,
      );
      return Number(rows[0]?.all);
    };
    try {
      // Sessions report what they have done a moment later.
      await new Promise((later) => setTimeout(later, 1_500));
      const before = await committed();
      await new Promise((later) => setTimeout(later, ms));
      return (await committed()) - before;
    } finally {
      await client.end();
    }
  };
});
