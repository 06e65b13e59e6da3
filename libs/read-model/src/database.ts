import { Pool, type PoolClient, type QueryResultRow } from 'pg';
import { classifyDatabaseError } from './classify-database-error.js';
import { columnTypes } from './column-types.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** A database that vanished without a word is noticed after this time. */
const QUERY_TIMEOUT_MS = 30_000;
/** Silence on a connection that nobody asks anything of, before the system looks whether the other side is still there. */
const KEEP_ALIVE_MS = 10_000;
/**
 * What a process that stands still in the middle of a transaction holds, others wait for: a virtual machine that was
 * suspended, or one that vanished without a word.
 */
const BEGIN = `begin; set local idle_in_transaction_session_timeout = '${QUERY_TIMEOUT_MS}ms'`;

/** Runs one statement. @throws ReadModelError */
export type RunQuery = <Row extends QueryResultRow>(
  sql: string,
  values?: readonly unknown[],
) => Promise<readonly Row[]>;

/** Connections to one database. Made when they are needed: a database that is down fails the query, not the start. */
export interface Database {
  readonly query: RunQuery;
  /** All of the statements or none. @throws ReadModelError; after a lost answer to the commit either is possible */
  inTransaction<T>(work: (query: RunQuery) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export const connectTo = (databaseUrl: string, poolSize: number): Database => {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: poolSize,
    application_name: 'course-reviews',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    types: columnTypes,
  });
  pool.on('error', ignoreBrokenConnection);

  return {
    query: queryOn(pool),
    async inTransaction(work) {
      const client = await pool.connect().catch(rethrowClassified);
      client.on('error', ignoreBrokenConnection);
      const query = queryOn(client);
      try {
        await query(BEGIN);
        const result = await work(query);
        await query('commit');
        client.release();
        return result;
      } catch (error) {
        // Closing the connection rolls back, whatever state it is in.
        client.release(true);
        throw error;
      } finally {
        client.off('error', ignoreBrokenConnection);
      }
    },
    close: () => pool.end(),
  };
};

const queryOn =
  (connection: Pool | PoolClient): RunQuery =>
  async <Row extends QueryResultRow>(sql: string, values?: readonly unknown[]) => {
    const { rows } = await connection.query<Row>(sql, values?.slice()).catch(rethrowClassified);
    return rows;
  };

// Whoever is waiting for an answer gets the error; between two statements the next one does.
const ignoreBrokenConnection = (): void => undefined;

const rethrowClassified = (error: unknown): never => {
  throw classifyDatabaseError(error);
};
