import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { Client, type QueryResultRow } from 'pg';
import { postgresUrl, startPostgres } from '../../stack/src/index.js';
import { eventually } from '../support/eventually.js';

/** A PostgreSQL that a suite may kill. */
export interface OwnPostgres {
  readonly databaseUrl: string;
  query<Row extends QueryResultRow>(sql: string): Promise<readonly Row[]>;
  /** SIGKILL, to the server and everything it started. */
  kill(): Promise<void>;
  /** On the same port and data. */
  startAgain(): Promise<void>;
  destroy(): Promise<void>;
}

export const startOwnPostgres = async (): Promise<OwnPostgres> => {
  const directory = await mkdtemp(join(tmpdir(), 'reviews-sink-database-'));
  // Started by root, PostgreSQL runs as a user who must be let through.
  await chmod(directory, 0o711);
  const options = {
    dataDir: join(directory, 'data'),
    port: await getPort({ host: '127.0.0.1' }),
    password: 'only-for-tests',
    logFile: join(directory, 'postgres.log'),
  };
  let server = await startPostgres(options);
  return {
    databaseUrl: postgresUrl(options),
    async query<Row extends QueryResultRow>(sql: string) {
      const client = new Client({ connectionString: postgresUrl(options) });
      client.on('error', () => undefined);
      await client.connect();
      try {
        return (await client.query<Row>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    kill: () => server.kill(),
    async startAgain() {
      // What the killed server left behind may live for a moment, and then refuses a second one.
      server = await eventually(() => startPostgres(options), 60_000);
    },
    async destroy() {
      await server.stop();
      await rm(directory, { recursive: true });
    },
  };
};
