import { connectTo } from '../database.js';
import { databaseSchemaOf } from '../database-schema.js';
import { migrateSchema, type DatabaseOptions } from '../migrate.js';
import { ReadModelError } from '../read-model-error.js';
import { sinkStore, type SinkStore } from '../sink-store.js';
import type { SinkPartition } from '../sink-range.js';
import { tablesIn } from '../tables.js';
import { compareTables, type TableDifferences } from './compare-tables.js';
import { copyGrants } from './copy-grants.js';
import { crossCheck, type CrossCheck } from './cross-check.js';
import { matchingEnds } from './matching-ends.js';
import { requireRebuildable, requireSameMigrations, tableBytes } from './preconditions.js';
import { keptSchemaOf, rebuildSchemaOf, replacedSchemaOf } from './schema-names.js';
import { openSession, type Session } from './session.js';
import { switchTables } from './switch-tables.js';

/** What becomes of the tables in use when others take their place. */
export type OldTables = { readonly kind: 'dropped' } | { readonly kind: 'kept'; readonly at: Date };

/** A second set of an installation's tables, beside those in use, empty to begin with. One at a time. */
export interface TablesBeside {
  /** The PostgreSQL schema they are in. */
  readonly schema: string;
  /** How much room the tables in use take. */
  readonly bytesInUse: number;
  readonly sink: SinkStore;
  /** Where each topic has to be read to so that all tables match; from the topics of progress, which are stored before. */
  matchingEnds(): Promise<readonly (SinkPartition & { readonly end: number })[]>;
  /** See {@link crossCheck}. */
  crossCheck(courses?: readonly string[]): Promise<CrossCheck>;
  /** How the tables in use differ from these. */
  differencesInUse(): Promise<TableDifferences>;
  /** Rows of both tables. */
  rows(): Promise<{ readonly reviews: number; readonly courses: number }>;
  /**
   * Puts them in the place of those in use, whose last words `catchUp` has to store here first. Nothing else is possible
   * afterwards but to drop the old ones and to close.
   *
   * @returns the schema of the old tables
   * @throws ReadModelError REBUILD_BEHIND when these have less than those in use
   */
  switchOver(old: OldTables, catchUp: () => Promise<void>): Promise<string>;
  /** Drops old tables. */
  drop(schema: string): Promise<'dropped' | 'still-there'>;
  /** Drops them, unless they have become those in use. */
  close(): Promise<void>;
}

/** Old tables are dropped when the last statement that reads them has ended, if that is within this time. */
const DROP_TIMEOUT = '60s';

/**
 * Makes room beside the tables in use. What an attempt that was killed has left behind is dropped.
 *
 * @param poolSize connections for storing
 * @throws ReadModelError REBUILD_RUNS when another one is under way; REBUILD_IMPOSSIBLE
 */
export const openTablesBeside = async (
  { databaseUrl, topicPrefix }: DatabaseOptions,
  poolSize: number,
): Promise<TablesBeside> => {
  const inUse = databaseSchemaOf(topicPrefix);
  const session = await openSession(databaseUrl);
  try {
    await requireAlone(session, inUse);
    await requireRebuildable(session.query, inUse);
    await makeEmptyTables(session, databaseUrl, inUse);
    return await tablesBeside(session, databaseUrl, inUse, poolSize);
  } catch (error) {
    await session.close();
    throw error;
  }
};

const requireAlone = async ({ query }: Session, schema: string): Promise<void> => {
  const [lock] = await query<{ taken: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
    [`course-reviews rebuild of ${schema}`],
  );
  if (lock?.taken !== true)
    throw new ReadModelError('REBUILD_RUNS', `Another rebuild of ${schema} is under way`);
};

const makeEmptyTables = async ({ query }: Session, databaseUrl: string, inUse: string): Promise<void> => {
  const anew = rebuildSchemaOf(inUse);
  for (const leftover of [anew, replacedSchemaOf(inUse)])
    await query(`drop schema if exists ${leftover} cascade`);
  await migrateSchema(databaseUrl, anew);
  await requireSameMigrations(query, inUse, anew);
  // Cursors that clients have stay valid.
  const { cursorKey } = tablesIn(anew);
  await query(`delete from ${cursorKey}`);
  await query(`insert into ${cursorKey} select * from ${tablesIn(inUse).cursorKey}`);
  await copyGrants(query, inUse, anew);
};

const tablesBeside = async (
  session: Session,
  databaseUrl: string,
  inUse: string,
  poolSize: number,
): Promise<TablesBeside> => {
  const { query } = session;
  const anew = rebuildSchemaOf(inUse);
  const tables = tablesIn(anew);
  const bytesInUse = await tableBytes(query, inUse);
  const database = connectTo(databaseUrl, poolSize);
  let isSwitched = false;

  return {
    schema: anew,
    bytesInUse,
    sink: sinkStore(database, anew),
    matchingEnds: () => matchingEnds(query, tables),
    crossCheck: (courses) => crossCheck(query, tables, courses),
    differencesInUse: () => compareTables(query, tablesIn(inUse), tables),
    async rows() {
      const [counts] = await query<{ reviews: number; courses: number }>(
        `select (select count(*) from ${tables.reviews}) as reviews,
           (select count(*) from ${tables.courseStatistics}) as courses`,
      );
      return counts ?? { reviews: 0, courses: 0 };
    },
    async switchOver(old, catchUp) {
      const replaced = old.kind === 'kept' ? keptSchemaOf(inUse, old.at) : replacedSchemaOf(inUse);
      await switchTables(query, { inUse, anew, replaced }, catchUp);
      isSwitched = true;
      return replaced;
    },
    async drop(schema) {
      try {
        await query(`set lock_timeout = '${DROP_TIMEOUT}'`);
        await query(`drop schema ${schema} cascade`);
        return 'dropped';
      } catch {
        // Somebody still reads them, or the connection is gone. No number is wrong, and the next rebuild drops them.
        return 'still-there';
      }
    },
    async close() {
      await database.close();
      if (!isSwitched) await query(`drop schema if exists ${anew} cascade`).catch(() => undefined);
      await session.close().catch(() => undefined);
    },
  };
};
