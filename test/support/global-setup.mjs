import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { postgresUrl, startKafka, startPostgres, startSchemaRegistry } from '../../dist/stack/src/index.js';

/** One Kafka, registry and PostgreSQL for all suites; each suite has topics and tables of its own, by its prefix. */
export default async function startInfrastructure() {
  const directory = await mkdtemp(join(tmpdir(), 'reviews-tests-'));
  // Started by root, PostgreSQL runs as a user who must be let through.
  await chmod(directory, 0o711);
  const freePort = () => getPort({ host: '127.0.0.1' });
  const logFile = (part) => join(directory, `${part}.log`);
  const database = {
    dataDir: join(directory, 'postgres'),
    port: await freePort(),
    password: 'only-for-tests',
    logFile: logFile('postgres'),
  };
  const started = await Promise.allSettled([
    startKafka({
      dataDir: join(directory, 'kafka'),
      port: await freePort(),
      controllerPort: await freePort(),
      logFile: logFile('kafka'),
    }),
    startSchemaRegistry({
      dataDir: join(directory, 'registry'),
      port: await freePort(),
      logFile: logFile('registry'),
    }),
    startPostgres(database),
  ]);
  const parts = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  globalThis.courseReviewsInfrastructure = { parts, directory };
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(parts.map((part) => part.stop()));
    throw failed.reason;
  }
  process.env.TEST_KAFKA_BROKERS = parts[0].address;
  process.env.TEST_SCHEMA_REGISTRY_URL = parts[1].address;
  process.env.TEST_DATABASE_URL = postgresUrl(database);
}
