import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { postgresUrl, startPostgres } from '../../stack/src/index.js';

/** A PostgreSQL for tests. */
export interface TestDatabase {
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** The PostgreSQL of TEST_DATABASE_URL, or one of its own that ends with the tests. */
export const databaseForTests = async (): Promise<TestDatabase> => {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined) return { databaseUrl: given, stop: () => Promise.resolve() };
  const directory = await mkdtemp(join(tmpdir(), 'reviews-database-'));
  // Started by root, PostgreSQL runs as a user who must be let through.
  await chmod(directory, 0o711);
  const options = {
    dataDir: join(directory, 'data'),
    port: await getPort({ host: '127.0.0.1' }),
    password: 'only-for-tests',
    logFile: join(directory, 'postgres.log'),
  };
  const postgres = await startPostgres(options);
  return {
    databaseUrl: postgresUrl(options),
    async stop() {
      await postgres.stop();
      await rm(directory, { recursive: true });
    },
  };
};
