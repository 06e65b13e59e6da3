import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { partitionOf, type CourseId } from '@reviews/domain';
import kafkajs, { type Kafka, type Message } from 'kafkajs';
import pg from 'pg';
import { apiAt } from './support/api.js';
import { eventually } from './support/eventually.js';
import { launchStack, sharedInfrastructure, type LaunchedStack } from './support/launched-stack.js';
import { endOffsets, settled } from './support/log-offsets.js';
import { pacedRows } from './support/paced-rows.js';
import { isAcceptable, reviewFile, type ReviewRow } from './support/review-rows.js';
import { topicRecords, type DecodedRecord } from './support/topic-records.js';

const PREFIX = 'verify-';
const SCHEMA = 'course_reviews_verify';
const ROWS = 2_000;
const COURSE = 'bread-101';
const NODE_ARGS = ['--disable-warning=TimeoutNegativeWarning'];

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Report {
  readonly agrees: boolean;
  readonly commands: Readonly<Record<string, number>>;
  readonly facts: Readonly<Record<string, number>>;
  readonly courses: number;
  readonly differences: {
    readonly total: number;
    readonly first: readonly { readonly kind: string; readonly where: string; readonly what: string }[];
  };
}

describe('verifying an installation', () => {
  const rows = reviewFile().rows.filter(isAcceptable).slice(0, ROWS);
  let stack: LaunchedStack;
  let api: ReturnType<typeof apiAt>;
  let kafka: Kafka;
  let database: pg.Client;

  beforeAll(async () => {
    stack = await launchStack({ ...sharedInfrastructure(), TOPIC_PREFIX: PREFIX, FRAUD_PERCENT: '20' });
    api = apiAt(stack.url);
    const { kafkaBrokers, databaseUrl } = await stack.run();
    kafka = new kafkajs.Kafka({ brokers: kafkaBrokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
    database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
  }, 120_000);

  afterAll(async () => {
    await database.end();
    await stack.destroy();
  });

  const run = async (...args: readonly string[]): Promise<Answer> => {
    const child = spawn(process.execPath, [...NODE_ARGS, 'dist/cli/src/main.js', ...args], {
      env: { ...process.env, NODE_OPTIONS: '', ...stack.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = once(child, 'exit') as Promise<[number | null]>;
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    return { code, stdout, stderr };
  };

  const report = async (...args: readonly string[]): Promise<Report & { readonly code: number | null }> => {
    const { code, stdout, stderr } = await run('verify', '--json', ...args);
    if (!stdout.startsWith('{')) throw new Error(stderr);
    return { ...(JSON.parse(stdout) as Report), code };
  };

  const produce = async (
    topic: string,
    partition: number,
    message: Omit<Message, 'partition'>,
  ): Promise<void> => {
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic: PREFIX + topic, messages: [{ ...message, partition }] });
    await producer.disconnect();
  };

  /** The newest record about a course in a topic. */
  const newest = async (topic: string, courseId: string): Promise<DecodedRecord> => {
    const found = (await topicRecords(await stack.run(), PREFIX + topic)).findLast(
      ({ key }) => key === courseId,
    );
    if (found === undefined) throw new Error(`Nothing about ${courseId}`);
    return found;
  };

  const encoded = async (
    like: DecodedRecord,
    changes: Readonly<Record<string, unknown>>,
  ): Promise<Buffer> => {
    const { schemaRegistryUrl } = await stack.run();
    const id = Buffer.from(like.bytes, 'hex').readInt32BE(1);
    return new SchemaRegistry({ host: schemaRegistryUrl }).encode(id, { ...like.value, ...changes });
  };

  it('finds no difference while rows are imported, edited, withdrawn, repeated, held and unreadable', async () => {
    const edited = rows.slice(0, 300).map((row): ReviewRow => ({
      ...row,
      rating: 6 - row.rating > 5 ? 5 : 3,
      createdAt: new Date().toISOString(),
    }));
    const load = (async () => {
      await api.importRows(pacedRows(rows));
      await api.importRows(edited);
      await api.importRows(edited);
      for (const { courseId, userId } of rows.slice(100, 160)) {
        await api.withdraw(courseId, userId);
        await api.withdraw(courseId, userId);
      }
      for (const user of ['ada', 'ben', 'cyd'])
        await api.submit(COURSE, { userId: user, rating: 4.5, courseTitle: 'Bread' });
      await produce('reviews', 0, { key: COURSE, value: 'no Avro' });
    })();
    const meanwhile: Report[] = [];
    const loaded = load.then(() => 'loaded' as const);
    for (let state = ''; state !== 'loaded';) {
      meanwhile.push(await report('--wait', '0'));
      state = await Promise.race([loaded, Promise.resolve('loading')]);
    }
    process.stdout.write(`Verified ${meanwhile.length} times under load\n`);
    expect(meanwhile.flatMap(({ differences }) => differences.first)).toEqual([]);

    await settled(stack);
    const { code, commands, facts, courses, differences } = await report('--wait', '30');
    expect(differences.first).toEqual([]);
    expect(code).toBe(0);
    expect(commands).toMatchObject({ lost: 0, undecided: 0, 'dead-letter': 1, 'expired-letter': 0 });
    expect(commands['held']).toBeGreaterThan(0);
    expect(commands['repeated']).toBeGreaterThanOrEqual(300);
    expect(commands['nothing-to-withdraw']).toBeGreaterThanOrEqual(60);
    expect(facts['uncounted']).toBe(0);
    expect(courses).toBeGreaterThan(10);
    const counted = Object.values(commands).reduce((sum, count) => sum + count, 0);
    const ends = await endOffsets(stack, 'reviews');
    expect(counted).toBe(ends.reduce((sum, end) => sum + end, 0));
  }, 240_000);

  it('leaves no group behind', async () => {
    const admin = kafka.admin();
    await admin.connect();
    const { groups } = await admin.listGroups();
    await admin.disconnect();
    expect(groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(`${PREFIX}reviews-`))).toEqual(
      [],
    );
  });

  it('explains the numbers of a course', async () => {
    const { code, stdout } = await run('explain', COURSE);
    expect(code).toBe(0);
    expect(stdout).toMatch(/first +ada/);
    expect(stdout.match(/, agrees$/gm)).toHaveLength(4);
    const { stdout: json } = await run('explain', COURSE, '--json', '--user', 'ben');
    expect(JSON.parse(json)).toMatchObject({ agrees: true, total: 1, facts: [{ user: 'ben', after: 4.5 }] });
    const unknown = await run('explain', 'no-such-course');
    expect(unknown).toMatchObject({
      code: 1,
      stderr: 'no-such-course never had a review that was counted.\n',
    });
  }, 60_000);

  it('says in one sentence what is missing', async () => {
    const child = spawn(process.execPath, [...NODE_ARGS, 'dist/cli/src/main.js', 'verify'], {
      env: { ...process.env, NODE_OPTIONS: '', ...stack.env, TOPIC_PREFIX: 'never-set-up-' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stderr = await text(child.stderr);
    expect(stderr).toContain('"npx reviews setup" makes missing topics');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }, 60_000);

  it('finds a row that was changed by hand, and compares topics alone when told so', async () => {
    const changeBy = (count: number): Promise<unknown> =>
      database.query(
        `update ${SCHEMA}.course_statistics set all_time_half_stars_1 = all_time_half_stars_1 + $1 where course_id = $2`,
        [count, COURSE],
      );
    await changeBy(1);
    const { code, differences } = await report();
    expect(code).toBe(1);
    expect(differences.first).toMatchObject([
      {
        kind: 'wrong-numbers',
        where: 'course_statistics (all_time)',
        what: expect.stringContaining(COURSE) as unknown,
      },
      { kind: 'tables-disagree', what: `course ${COURSE}: all-time-differs` },
    ]);
    const topicsOnly = await run('verify', '--skip-tables');
    expect(topicsOnly.code).toBe(0);
    expect(topicsOnly.stdout).toContain('NOT compared: course_statistics');
    expect(await run('explain', COURSE)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('DIFFERS') as unknown,
    });
    await changeBy(-1);
    expect((await report()).code).toBe(0);
  }, 90_000);

  it('finds a review that is shown with another rating than it was given', async () => {
    const rate = (halfStars: number): Promise<unknown> =>
      database.query(
        `update ${SCHEMA}.reviews set half_stars = $1 where course_id = $2 and user_id = (
           select min(user_id) from ${SCHEMA}.reviews where course_id = $2 and status = 'published')`,
        [halfStars, COURSE],
      );
    await rate(1);
    const { code, differences } = await report();
    expect(code).toBe(1);
    expect(differences.first).toMatchObject([
      { kind: 'tables-disagree', what: `course ${COURSE}: all-time-differs` },
    ]);
    await rate(9);
    expect((await report()).code).toBe(0);
  }, 60_000);

  it('finds a row that was deleted and one that was made up', async () => {
    await database.query(
      `update ${SCHEMA}.course_statistics set course_id = 'made-up' where course_id = $1`,
      [COURSE],
    );
    const { differences } = await report();
    expect(new Set(differences.first.map(({ kind }) => kind))).toEqual(
      new Set(['missing', 'superfluous', 'tables-disagree']),
    );
    await database.query(
      `update ${SCHEMA}.course_statistics set course_id = $1 where course_id = 'made-up'`,
      [COURSE],
    );
    expect((await report()).code).toBe(0);
  }, 90_000);

  it('finds a false record in a topic of statistics', async () => {
    const partition = partitionOf(COURSE as CourseId, 4);
    const like = await newest('long-term-stats', COURSE);
    await produce('long-term-stats', partition, {
      key: COURSE,
      value: await encoded(like, { halfStars1: 17 }),
    });
    const { code, differences } = await report('--skip-tables');
    expect(code).toBe(1);
    expect(differences.first).toMatchObject([
      {
        kind: 'wrong-numbers',
        where: expect.stringContaining(`${PREFIX}long-term-stats/${partition}/`) as unknown,
      },
    ]);
    await produce('long-term-stats', partition, { key: COURSE, value: Buffer.from(like.bytes, 'hex') });
    await eventually(async () => {
      expect((await report()).differences.first).toEqual([]);
    });
  }, 90_000);

  it('finds a superfluous fact, where it stands', async () => {
    const partition = partitionOf(COURSE as CourseId, 4);
    const like = await newest('reviews-valid', COURSE);
    await produce('reviews-valid', partition, { key: COURSE, value: Buffer.from(like.bytes, 'hex') });
    const { code, differences } = await report('--wait', '0');
    expect(code).toBe(1);
    expect(differences.first.map(({ kind, where }) => ({ kind, where }))).toContainEqual({
      kind: 'cause-order',
      where: expect.stringContaining(`${PREFIX}reviews-valid/${partition}/`) as unknown,
    });
  }, 90_000);
});
