import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createReadModel,
  databaseSchemaOf,
  migrate,
  parseFeedPosition,
  type FeedPosition,
  type ReadModel,
} from '@reviews/read-model';
import { Client } from 'pg';
import { databaseForTests, type TestDatabase } from './support/database.js';

const MANY_COURSES = 20_000;
const LIMIT = 200;

let database: TestDatabase;
let readModel: ReadModel;
let table: string;
let schema: string;
let prefixes = 0;
let clients: Client[] = [];

beforeAll(async () => {
  database = await databaseForTests();
}, 60_000);

afterAll(async () => {
  await database.stop();
});

beforeEach(async () => {
  prefixes += 1;
  const topicPrefix = `changes${prefixes}-`;
  schema = databaseSchemaOf(topicPrefix);
  table = `${schema}.course_statistics`;
  const options = { databaseUrl: database.databaseUrl, topicPrefix };
  await migrate(options);
  readModel = createReadModel(options);
});

afterEach(async () => {
  await readModel.close();
  for (const client of clients) await client.end();
  clients = [];
});

const connection = async (): Promise<Client> => {
  const client = new Client(database.databaseUrl);
  await client.connect();
  clients.push(client);
  return client;
};

const upsert = (courseId: string): string =>
  `insert into ${table} (course_id, all_time_version) values ('${courseId}', 0) on conflict (course_id) do update
   set all_time_version = ${table}.all_time_version + 1, changed_in = pg_current_xact_id()`;

const now = async (): Promise<FeedPosition> => (await readModel.changes.now()).position;
const changedSince = async (since: FeedPosition, courses?: readonly string[]): Promise<readonly string[]> => {
  const page = await readModel.changes.changedSince({ since, afterCourse: '', courses, limit: LIMIT });
  return page.courses.map(({ courseId }) => courseId);
};

describe('changes since a position', () => {
  it('are those of transactions that it had not seen end, also if they began before it', async () => {
    const [slow, quick] = [await connection(), await connection()];
    await slow.query('begin');
    await slow.query(upsert('slow'));
    await quick.query(upsert('before'));
    const since = await now();
    expect(since.inProgress).toHaveLength(1);
    await quick.query(upsert('after'));
    expect(await changedSince(since)).toEqual(['after']);
    const later = await now();
    await slow.query('commit');
    expect(await changedSince(since)).toEqual(['after', 'slow']);
    expect(await changedSince(later)).toEqual(['slow']);
    expect(await changedSince(await now())).toEqual([]);
  });

  it('miss nothing while transactions of all lengths overlap', async () => {
    const COURSES = 40;
    const seen = new Map<string, number>();
    let position = await now();
    const writing = new AbortController();
    const look = async (): Promise<void> => {
      const page = await readModel.changes.changedSince({ since: position, afterCourse: '', limit: LIMIT });
      for (const { courseId, allTime } of page.courses) {
        expect(allTime.version).toBeGreaterThanOrEqual(seen.get(courseId) ?? 0);
        seen.set(courseId, allTime.version);
      }
      ({ position } = page);
    };
    const write = async (writer: number): Promise<void> => {
      const client = await connection();
      for (let round = 0; round < 40; round++) {
        await client.query('begin');
        // Sorted, so that nobody waits in a circle; each writer skips other courses.
        for (let course = 0; course < COURSES; course++)
          if ((course * 7 + round) % (writer + 2) === 0) await client.query(upsert(`c${course}`));
        if (round % 5 === writer) await client.query('select pg_sleep(0.01)');
        await client.query(round % 7 === writer ? 'rollback' : 'commit');
      }
    };
    const reading = (async () => {
      while (!writing.signal.aborted) await look();
    })();
    await Promise.all([0, 1, 2, 3].map(write));
    writing.abort();
    await reading;
    await look();
    const { rows } = await (
      await connection()
    ).query<{ course_id: string; all_time_version: string }>(
      `select course_id, all_time_version from ${table}`,
    );
    expect(rows.length).toBe(COURSES);
    expect(seen).toEqual(new Map(rows.map((row) => [row.course_id, Number(row.all_time_version)])));
  }, 60_000);

  it('can be asked for some courses, and page by page', async () => {
    const client = await connection();
    const since = await now();
    for (const course of ['a', 'b', 'c', 'd']) await client.query(upsert(course));
    expect(await changedSince(since, ['d', 'b', 'x'])).toEqual(['b', 'd']);
    const first = await readModel.changes.changedSince({ since, afterCourse: '', limit: 3 });
    expect(first.courses.map(({ courseId }) => courseId)).toEqual(['a', 'b', 'c']);
    expect(first.isLast).toBe(false);
    const last = await readModel.changes.changedSince({ since, afterCourse: 'c', limit: 3 });
    expect(last.courses.map(({ courseId }) => courseId)).toEqual(['d']);
    expect(last.isLast).toBe(true);
    const present = await readModel.changes.ofCourses(['b', 'x', 'a']);
    expect(present.courses.map(({ courseId }) => courseId)).toEqual(['a', 'b']);
  });

  it('are none where rows come from a cluster that was ahead: not all of them over and over', async () => {
    const client = await connection();
    await client.query(upsert('copied'));
    await client.query(`update ${table} set changed_in = '9000000000'`);
    expect(await changedSince(await now())).toEqual([]);
    await client.query(upsert('copied'));
    expect(await changedSince(parse('1-3:3:'))).toEqual(['copied']);
  });

  it('are found by the index, among many courses and beside a transaction that lasts', async () => {
    const client = await connection();
    await client.query(
      `insert into ${table} (course_id, all_time_version) select 'c' || i, 0 from generate_series(1, ${MANY_COURSES}) i`,
    );
    await client.query(`analyze ${table}`);
    const lasting = await connection();
    await lasting.query('begin');
    await lasting.query(upsert('lasting'));
    await client.query(`update ${table} set changed_in = pg_current_xact_id() where course_id like 'c1%'`);
    const since = await now();
    await client.query(upsert('c77'));
    const before = await rowsRead(client);
    expect(await changedSince(since)).toEqual(['c77']);
    await readModel.changes.now();
    expect((await rowsRead(client)) - before).toBeLessThan(1_000);
    await lasting.query('rollback');
  }, 60_000);

  it('have another generation once another table has the name', async () => {
    const before = await now();
    const client = await connection();
    await client.query(`alter schema ${schema} rename to ${schema}_old`);
    await client.query(`create schema ${schema}`);
    for (const name of ['course_statistics', 'aggregator_progress', 'sink_positions'])
      await client.query(`create table ${schema}.${name} (like ${schema}_old.${name} including all)`);
    expect((await now()).generation).not.toBe(before.generation);
  });
});

describe('notifications', () => {
  /** Counts calls, and lets wait for the next. */
  const heard = () => {
    let count = 0;
    let go = (): void => undefined;
    return {
      listener: (): void => {
        count += 1;
        go();
      },
      count: () => count,
      more: async (than: number): Promise<void> => {
        while (count <= than) await new Promise<void>((resolve) => (go = resolve));
      },
    };
  };

  it('come with the transactions of the sink, and once when the connection is there', async () => {
    const { listener, more } = heard();
    readModel.notifications.subscribe(listener);
    await more(0);
    await readModel.sink.storeLongTermStats({ topic: 'long-term-stats', partition: 0, from: 0, to: 1 }, []);
    await more(1);
  });

  it('come again after the connection was lost, with one to make up for those in between', async () => {
    const { listener, more, count } = heard();
    readModel.notifications.subscribe(listener);
    await more(0);
    const client = await connection();
    const before = count();
    const { rowCount } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query = $1`,
      [`listen ${schema}`],
    );
    expect(rowCount).toBe(1);
    await more(before);
    const connected = count();
    await client.query('select pg_notify($1, $2)', [schema, '']);
    await more(connected);
  });
});

const parse = (text: string): FeedPosition => {
  const position = parseFeedPosition(text);
  if (position === undefined) throw new Error(text);
  return position;
};

/** Rows of the table that queries have looked at so far. */
const rowsRead = async (client: Client): Promise<number> => {
  await client.query('select pg_stat_force_next_flush()');
  // Statistics of another session come after it has been idle for a moment.
  await client.query('select pg_sleep(1.2)');
  await client.query('select pg_stat_clear_snapshot()');
  const { rows } = await client.query<{ read: string }>(
    `select seq_tup_read + idx_tup_fetch as read from pg_stat_user_tables
     where schemaname = $1 and relname = 'course_statistics'`,
    [schema],
  );
  return Number(rows[0]?.read);
};
