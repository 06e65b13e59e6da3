/** Kafka, registry and PostgreSQL of a benchmark's own, in a directory of their own. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { postgresUrl, startPostgres, startSchemaRegistry } from '../../dist/stack/src/index.js';
import { startPart } from '../../dist/stack/src/part.js';
import { kafkaPart } from '../../dist/stack/src/parts/kafka.js';

/** The embedded stack's 512 MB are for a broker that is mostly idle. */
const BROKER_HEAP = '-Xmx1g';

export const freePort = () => getPort({ host: '127.0.0.1' });

const startBroker = async (options) => {
  const part = await kafkaPart(options);
  return startPart({
    ...part,
    processSpec() {
      const spec = part.processSpec();
      return { ...spec, args: spec.args.map((arg) => (arg.startsWith('-Xmx') ? BROKER_HEAP : arg)) };
    },
  });
};

/** By name: how each is started in a directory, and what it tells services. */
const SERVERS = {
  async kafka(directory) {
    const started = await startBroker({
      dataDir: join(directory, 'kafka'),
      port: await freePort(),
      controllerPort: await freePort(),
      logFile: join(directory, 'kafka.log'),
    });
    return { started, env: { KAFKA_BROKERS: started.address } };
  },
  async registry(directory) {
    const started = await startSchemaRegistry({
      dataDir: join(directory, 'registry'),
      port: await freePort(),
      logFile: join(directory, 'registry.log'),
    });
    return { started, env: { SCHEMA_REGISTRY_URL: started.address } };
  },
  async postgres(directory) {
    const options = {
      dataDir: join(directory, 'postgres'),
      port: await freePort(),
      password: 'only-for-benchmarks',
      logFile: join(directory, 'postgres.log'),
    };
    return { started: await startPostgres(options), env: { DATABASE_URL: postgresUrl(options) } };
  },
};

/**
 * Starts the named servers.
 *
 * @returns their addresses as environment variables, their process ids by name, their directory, and `stop`, which removes it
 */
export const startServers = async (names = Object.keys(SERVERS)) => {
  const directory = await mkdtemp(join(tmpdir(), 'reviews-bench-'));
  // Started by root, PostgreSQL runs as a user who must be let through.
  await chmod(directory, 0o711);
  const results = await Promise.allSettled(names.map((name) => SERVERS[name](directory)));
  const running = results.flatMap(({ status, value }) => (status === 'fulfilled' ? [value] : []));
  const stop = async () => {
    await Promise.all(running.map(({ started }) => started.stop()));
    // Whoever was killed a moment ago may have written until then.
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return {
    directory,
    addresses: Object.assign({}, ...running.map(({ env }) => env)),
    pids: Object.fromEntries(names.map((name, index) => [name, running[index].started.pid])),
    stop,
  };
};
