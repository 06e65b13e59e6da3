import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  rebuildReadModel,
  type RebuildRequest,
  type RebuildSteps,
} from '../cli/src/rebuild-read-model/rebuild-read-model.js';
import type { RebuildReport } from '../cli/src/rebuild-read-model/rebuild-report.js';
import { apiAt } from './support/api.js';
import { launchStack, sharedInfrastructure, type LaunchedStack } from './support/launched-stack.js';
import { settled } from './support/log-offsets.js';
import { recomputedRows, storedRows } from './support/recomputed-rows.js';
import { isAcceptable, reviewFile } from './support/review-rows.js';
import { watched } from './support/watched-reads.js';

const PREFIX = 'rebuild-';
const SCHEMA = 'course_reviews_rebuild';
const ROWS = 1_500;
/** Courses that are written to while tables are built. */
const LOADED_COURSES = Array.from({ length: 8 }, (_, index) => `loaded-${index}`);
const WRITES_AT_ONCE = 4;
const NODE_ARGS = ['--disable-warning=TimeoutNegativeWarning'];

describe('rebuilding the read model', () => {
  let stack: LaunchedStack;
  let database: pg.Client;

  beforeAll(async () => {
    stack = await launchStack({ ...sharedInfrastructure(), TOPIC_PREFIX: PREFIX, FRAUD_PERCENT: '20' });
    database = new pg.Client({ connectionString: (await stack.run()).databaseUrl });
    await database.connect();
    const rows = reviewFile().rows.filter(isAcceptable).slice(0, ROWS);
    await apiAt(stack.url).importRows(rows);
    for (const { courseId, userId } of rows.slice(0, 40)) await apiAt(stack.url).withdraw(courseId, userId);
    await settled(stack);
  }, 120_000);

  afterAll(async () => {
    await database.end();
    await stack.destroy();
  });

  const sql = async <Row extends pg.QueryResultRow>(statement: string): Promise<readonly Row[]> =>
    (await database.query<Row>(statement)).rows;

  const tableInUse = async (): Promise<string> => {
    const [row] = await sql<{ oid: string }>(`select '${SCHEMA}.reviews'::regclass::oid::text as oid`);
    return row?.oid ?? '';
  };

  const rowCounts = async (): Promise<readonly unknown[]> =>
    sql(`select (select count(*) from ${SCHEMA}.reviews) as reviews,
      (select count(*) from ${SCHEMA}.course_statistics) as courses, (select count(*) from ${SCHEMA}.sink_positions) as positions`);

  const schemas = async (): Promise<readonly string[]> =>
    (
      await sql<{ name: string }>(
        `select nspname as name from pg_namespace where starts_with(nspname, '${SCHEMA}') order by 1`,
      )
    ).map(({ name }) => name);

  const rebuild = async (
    steps: Partial<RebuildSteps> = {},
    options: Partial<RebuildRequest> = {},
  ): Promise<RebuildReport> => {
    const { kafkaBrokers, schemaRegistryUrl, databaseUrl } = await stack.run();
    const go = (): Promise<void> => Promise.resolve();
    return rebuildReadModel({
      target: {
        url: stack.url,
        kafkaBrokers: kafkaBrokers.split(','),
        schemaRegistryUrl,
        databaseUrl,
        topicPrefix: PREFIX,
        topicPartitions: 4,
      },
      old: { kind: 'dropped' },
      parallel: 8,
      signal: new AbortController().signal,
      steps: { load: go, check: go, switchOver: go, ...steps },
      ...options,
    });
  };

  const command = (...args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> =>
    spawn(process.execPath, [...NODE_ARGS, 'dist/cli/src/main.js', 'rebuild-read-model', ...args], {
      env: { ...process.env, NODE_OPTIONS: '', ...stack.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  const exitOf = async (child: ChildProcess): Promise<number | null> => {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  };

  /** Submits reviews, edits included, until it is stopped. */
  const startLoad = (): { stop(): Promise<number> } => {
    let isStopped = false;
    let sent = 0;
    const write = async (): Promise<void> => {
      while (!isStopped) {
        const number = sent++;
        const courseId = LOADED_COURSES[number % LOADED_COURSES.length] ?? '';
        const answer = await apiAt(stack.url).submit(courseId, {
          userId: `user-${number % 150}`,
          rating: ((number * 7) % 10) / 2 + 0.5,
          content: `Content ${number}`,
        });
        expect(answer.status).toBe(202);
      }
    };
    const writers = Array.from({ length: WRITES_AT_ONCE }, write);
    return {
      async stop() {
        isStopped = true;
        await Promise.all(writers);
        return sent;
      },
    };
  };

  const damageRows = async (): Promise<void> => {
    const quiet = await sql<{ course_id: string }>(
      `select course_id from ${SCHEMA}.course_statistics where course_id not like 'loaded-%' and all_time_count > 3
       order by course_id limit 4`,
    );
    const [histogram, title, lost, invented] = quiet.map(({ course_id }) => course_id);
    await sql(
      `update ${SCHEMA}.course_statistics set all_time_half_stars_3 = all_time_half_stars_3 + 1 where course_id = '${histogram}'`,
    );
    await sql(`update ${SCHEMA}.course_statistics set course_title = 'Stale' where course_id = '${title}'`);
    await sql(`delete from ${SCHEMA}.reviews where (course_id, user_id) in (
      select course_id, user_id from ${SCHEMA}.reviews where course_id = '${lost}' and status = 'published' limit 1)`);
    await sql(`update ${SCHEMA}.reviews set status = 'published', half_stars = 2, created_at = now()
      where (course_id, user_id) in (
        select course_id, user_id from ${SCHEMA}.reviews where status = 'withdrawn' limit 1)`);
    await sql(`insert into ${SCHEMA}.reviews (course_id, user_id, review_id, partition, status, cause_offset, cause_ordinal)
      select course_id, 'nobody', review_id, partition, 'withdrawn', cause_offset, 0 from ${SCHEMA}.reviews
      where course_id = '${invented}' limit 1`);
  };

  it('repairs damaged rows under load, and nobody who reads sees an error or anything going back', async () => {
    const load = startLoad();
    const reads = await watched(stack, SCHEMA, LOADED_COURSES);
    await damageRows();
    const before = await tableInUse();
    await sql(`grant select on ${SCHEMA}.reviews to public`);

    const report = await rebuild();

    expect(report.checked.disagreeing).toEqual([]);
    expect(report).toMatchObject({
      outcome: 'switched',
      oldTables: null,
      differences: {
        reviews: { wrong: 1, missing: 1, superfluous: 1 },
        courseStatistics: { wrong: 2, missing: 0, superfluous: 0 },
      },
    });
    expect(await tableInUse()).not.toBe(before);
    expect(await schemas()).toEqual([SCHEMA]);
    const sent = await load.stop();
    await settled(stack);
    const { reads: answered, wrong } = await reads.stop();
    process.stdout.write(
      `Switched in ${report.lockedSeconds.toFixed(3)} s among ${sent} writes and ${answered} reads\n`,
    );
    expect(wrong).toEqual([]);
    const expected = await recomputedRows(stack);
    expect(await storedRows(stack, expected.keys())).toEqual(expected);
    const sink = (await stack.run()).parts.find(({ name }) => name === 'stats-sink');
    expect(sink?.restarts).toBe(0);
    const [grant] = await sql(
      `select has_table_privilege('public', '${SCHEMA}.reviews', 'select') as granted`,
    );
    expect(grant).toEqual({ granted: true });
  }, 120_000);

  it('finds nothing wrong in tables that are right, and leaves them when only asked to compare', async () => {
    const before = await tableInUse();
    const { differences, checked } = await rebuild({}, { old: { kind: 'in-use' } });
    expect(await tableInUse()).toBe(before);
    for (const table of [differences?.reviews, differences?.courseStatistics])
      expect(table).toMatchObject({ wrong: 0, missing: 0, superfluous: 0 });
    const [counts] = await sql<{ courses: number }>(
      `select count(distinct course_id)::integer as courses from ${SCHEMA}.reviews`,
    );
    expect(checked).toMatchObject({ agreeing: counts?.courses, neverQuiet: 0 });
  }, 60_000);

  it('refuses new tables that do not add up, and names each course with what is wrong', async () => {
    const before = await tableInUse();
    const isFirst = (course: number, schema: string): string =>
      `course_id = 'loaded-${course}' and user_id = (
         select min(user_id) from ${schema}.reviews where course_id = 'loaded-${course}' and status = 'published')`;
    const report = await rebuild({
      check: async (schema) => {
        await sql(`delete from ${schema}.reviews where ${isFirst(0, schema)}`);
        await sql(`update ${schema}.reviews set half_stars = 11 - half_stars where ${isFirst(1, schema)}`);
        await sql(`update ${schema}.reviews set created_at = '2001-01-01' where ${isFirst(2, schema)}`);
        await sql(`delete from ${schema}.course_statistics where course_id = 'loaded-3'`);
        await sql(`delete from ${schema}.reviews where course_id = 'loaded-4'`);
      },
    });
    expect(report.outcome).toBe('refused');
    expect([...report.checked.disagreeing].sort((a, b) => (a.courseId < b.courseId ? -1 : 1))).toEqual([
      { courseId: 'loaded-0', how: 'all-time-differs' },
      { courseId: 'loaded-1', how: 'all-time-differs' },
      { courseId: 'loaded-2', how: 'recent-differs' },
      { courseId: 'loaded-3', how: 'no-statistic' },
      { courseId: 'loaded-4', how: 'no-review' },
    ]);
    expect(await tableInUse()).toBe(before);
    expect(await schemas()).toEqual([SCHEMA]);
  }, 60_000);

  it('refuses a second one while the first is under way, and the first goes on', async () => {
    let second: string | undefined;
    const { outcome } = await rebuild(
      {
        check: async () => {
          second = await text(command().stderr);
        },
      },
      { old: { kind: 'in-use' } },
    );
    expect(second).toBe(`Another rebuild of ${SCHEMA} is under way\n`);
    expect(outcome).toBe('compared');
  }, 60_000);

  it('refuses to take tables away from a view that reads them', async () => {
    await sql(`create view public.rebuild_test_view as select user_id from ${SCHEMA}.reviews`);
    await expect(rebuild()).rejects.toMatchObject({
      code: 'REBUILD_IMPOSSIBLE',
      message: expect.stringContaining('rebuild_test_view') as unknown,
    });
    await sql('drop view public.rebuild_test_view');
  }, 60_000);

  it('takes nothing away when it is killed, and goes through the next time', async () => {
    const before = await rowCounts();
    for (const moment of ['Loading', 'Checking', 'Switching']) {
      const child = command();
      const ended = once(child, 'exit');
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said += String(chunk);
        if (said.includes(moment)) child.kill('SIGKILL');
      });
      expect(await ended).toEqual([null, 'SIGKILL']);
      expect(await rowCounts()).toEqual(before);
    }
    const child = command('--json', '--keep-old');
    const [report, code] = await Promise.all([text(child.stdout), exitOf(child)]);
    expect(code).toBe(0);
    const { oldTables } = JSON.parse(report) as RebuildReport;
    expect(oldTables).toMatch(/^course_reviews_rebuild__kept_\d{14}$/);
    expect(await schemas()).toEqual([SCHEMA, oldTables]);
    await sql(`drop schema ${String(oldTables)} cascade`);
  }, 120_000);

  it('ends at a signal, drops what it has made, and says so', async () => {
    const before = await tableInUse();
    const child = command();
    child.stderr.once('data', () => child.kill('SIGINT'));
    const [said, code] = await Promise.all([text(child.stderr), exitOf(child)]);
    expect(code).toBe(1);
    expect(said).toContain('Stopped. The tables in use are as they were.');
    expect(await tableInUse()).toBe(before);
    expect(await schemas()).toEqual([SCHEMA]);
  }, 60_000);
});
