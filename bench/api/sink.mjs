/**
 * What stats-sink's writes cost: rows by its own statements, a position moved with each batch, beside PostgreSQL's COPY of
 * the same rows into a table of the same shape and indexes.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { createReadModel, databaseSchemaOf, migrate } from '../../dist/libs/read-model/src/index.js';
import { column, spread } from '../lib/figures.mjs';

/** As many as the sink takes in at once when it is behind. */
const ROWS_PER_BATCH = 2_000;
const REVIEWS_PER_COURSE = 50;
const CONTENT = 'Clear lectures, fair exams, and a forum that answers within the hour. '.repeat(3);
const START_MS = Date.UTC(2026, 0, 1);

const uuidOf = (index) =>
  createHash('md5')
    .update(String(index))
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const reviewUpdate = (index) => {
  const cause = { offset: index, ordinal: 0 };
  const timeMs = START_MS + index;
  const rated = { halfStars: 1 + (index % 10), createdAtMs: timeMs, modifiedAtMs: timeMs, imported: false };
  return {
    courseId: `course-${index % Math.ceil(ROWS_PER_BATCH / REVIEWS_PER_COURSE)}`,
    userId: `user-${index}`,
    reviewId: uuidOf(index),
    cause,
    state: { kind: 'published', ...rated },
    text: { cause, title: `Review ${index}`, content: CONTENT.slice(0, 60 + (index % 140)) },
  };
};

const courseStatistic = (index) => ({
  courseId: `course-${index}`,
  courseTitle: `Course ${index}`,
  day: null,
  histogram: Array.from({ length: 10 }, (_, halfStars) => (index + halfStars) % 7),
  lastReviewAtMs: START_MS + index,
  version: index,
  updatedAtMs: START_MS + index,
});

/** Each table, how its rows come in, and from which topic. */
const TABLES = {
  reviews: { topic: 'reviews-valid', rowOf: reviewUpdate, store: (sink) => sink.storeReviews },
  course_statistics: {
    topic: 'long-term-stats',
    rowOf: courseStatistic,
    store: (sink) => sink.storeLongTermStats,
  },
};

const storeRows = async (readModel, { topic, rowOf, store }, rows) => {
  const batches = [];
  for (let from = 0; from < rows; from += ROWS_PER_BATCH) {
    const to = Math.min(rows, from + ROWS_PER_BATCH);
    const records = Array.from({ length: to - from }, (_, index) => rowOf(from + index));
    batches.push([{ topic, partition: 0, from, to }, records]);
  }
  const startedMs = performance.now();
  for (const [range, records] of batches) await store(readModel.sink)(range, records);
  return rows / ((performance.now() - startedMs) / 1_000);
};

const copyRows = async (client, table, { from, to }, directory) => {
  const { rows: columns } = await client.query(
    `select string_agg(quote_ident(column_name), ', ' order by ordinal_position) as names
     from information_schema.columns where table_schema = $1 and table_name = $2 and is_generated = 'NEVER'`,
    [from, table],
  );
  const [{ names }] = columns;
  const file = join(directory, `${table}.copy`);
  await client.query(`copy (select ${names} from ${from}.${table}) to '${file}'`);
  const startedMs = performance.now();
  const { rowCount } = await client.query(`copy ${to}.${table} (${names}) from '${file}'`);
  return rowCount / ((performance.now() - startedMs) / 1_000);
};

export const sinkPart = async ({ world, say, options: { runs, sinkRows } }) => {
  const databaseUrl = world.addresses.DATABASE_URL;
  // PostgreSQL itself writes and reads the files, as a user of its own.
  const directory = await mkdtemp(join(tmpdir(), 'reviews-bench-copy-'));
  await chmod(directory, 0o777);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const results = [];
  try {
    for (let run = 0; run < runs; run++) {
      const prefixes = { from: `sink-${run}-`, to: `copy-${run}-` };
      for (const topicPrefix of Object.values(prefixes)) await migrate({ databaseUrl, topicPrefix });
      const schemas = { from: databaseSchemaOf(prefixes.from), to: databaseSchemaOf(prefixes.to) };
      const readModel = createReadModel({ databaseUrl, topicPrefix: prefixes.from });
      try {
        for (const [table, how] of Object.entries(TABLES)) {
          const rowsPerSecond = await storeRows(readModel, how, sinkRows);
          const limit = await copyRows(client, table, schemas, directory);
          results.push({ table, rowsPerSecond, limit, ratio: rowsPerSecond / limit });
          say(
            `sink, run ${run + 1}, ${table}: ${Math.round(rowsPerSecond)} rows/s, COPY ${Math.round(limit)}`,
          );
        }
      } finally {
        await readModel.close();
      }
    }
  } finally {
    await client.end();
    await rm(directory, { recursive: true, force: true });
  }
  return {
    results,
    table: Object.keys(TABLES).flatMap((table) => {
      const ofTable = results.filter((result) => result.table === table);
      return [
        [`sink into ${table}, ${sinkRows} rows, rows/s`, spread(column(ofTable, 'rowsPerSecond'))],
        [`limit: COPY into ${table}, rows/s`, spread(column(ofTable, 'limit'))],
        [`sink ÷ limit, ${table}`, spread(column(ofTable, 'ratio'), 3)],
      ];
    }),
  };
};
