import pg from 'pg';
import { classifyDatabaseError } from '../classify-database-error.js';
import { columnTypes } from '../column-types.js';
import type { RunQuery } from '../database.js';

const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * One connection, for what belongs to a session: a lock that goes when its holder dies, and a transaction that is open
 * while others work. Its statements may take as long as they take.
 */
export interface Session {
  readonly query: RunQuery;
  close(): Promise<void>;
}

/** @throws ReadModelError */
export const openSession = async (databaseUrl: string): Promise<Session> => {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'course-reviews rebuild',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    types: columnTypes,
  });
  // Whoever asks next gets the error.
  client.on('error', () => undefined);
  const query: RunQuery = async <Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]) => {
    const { rows } = await client.query<Row>(sql, values?.slice()).catch(rethrowClassified);
    return rows;
  };
  await client.connect().catch(rethrowClassified);
  // A statement of a command that was killed ends soon, and with it what it had locked.
  await query(`set client_connection_check_interval = '1s'`);
  return { query, close: () => client.end() };
};

const rethrowClassified = (error: unknown): never => {
  throw classifyDatabaseError(error);
};
