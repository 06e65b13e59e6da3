/** Real parts of its own for a benchmark: Kafka, registry, PostgreSQL, and services of the product on them. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { postgresUrl, startKafka, startPostgres, startSchemaRegistry } from '../../dist/stack/src/index.js';

const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 100;
const EVERY_SERVICE = ['fraud-detector', 'aggregator', 'stats-sink', 'review-api'];

/** Polls until a check says yes. */
export const until = async (check, what, patienceMs = PATIENCE_MS) => {
  const deadlineMs = performance.now() + patienceMs;
  while (!(await check())) {
    if (performance.now() > deadlineMs) throw new Error(`In vain: ${what}`);
    await new Promise((later) => setTimeout(later, LOOK_AGAIN_MS));
  }
};

const freePort = () => getPort({ host: '127.0.0.1' });

const isOk = (url) =>
  fetch(url).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );

/** A child process that answers at `url` when it is ready, and is stopped by its id. */
export const startProcess = async (args, env, { url, readyPath }) => {
  const child = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    await until(() => {
      if (child.exitCode !== null) throw new Error(`${args[0]} ended with ${child.exitCode}`);
      return isOk(url + readyPath);
    }, `${args[0]} is not ready`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: child.pid, stop };
};

/** Starts the infrastructure; the services come with each part of the benchmark. */
export const startWorld = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'reviews-bench-'));
  // Started by root, PostgreSQL runs as a user who must be let through.
  await chmod(directory, 0o711);
  const logFile = (part) => join(directory, `${part}.log`);
  const database = {
    dataDir: join(directory, 'postgres'),
    port: await freePort(),
    password: 'only-for-benchmarks',
    logFile: logFile('postgres'),
  };
  const kafka = {
    dataDir: join(directory, 'kafka'),
    port: await freePort(),
    controllerPort: await freePort(),
    logFile: logFile('kafka'),
  };
  const registry = {
    dataDir: join(directory, 'registry'),
    port: await freePort(),
    logFile: logFile('registry'),
  };
  const started = await Promise.allSettled([
    startKafka(kafka),
    startSchemaRegistry(registry),
    startPostgres(database),
  ]);
  const parts = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stopInfrastructure = async () => {
    await Promise.all(parts.map((part) => part.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stopInfrastructure();
    throw failed.reason;
  }
  const addresses = {
    KAFKA_BROKERS: parts[0].address,
    SCHEMA_REGISTRY_URL: parts[1].address,
    DATABASE_URL: postgresUrl(database),
  };
  const running = new Set();

  return {
    addresses,
    /** Topics and tables of their own, and these services on them; the others' share of the machine is free. */
    async startServices(prefix, services = EVERY_SERVICE) {
      const env = { ...addresses, TOPIC_PREFIX: prefix, FRAUD_PERCENT: '0', LOG_LEVEL: 'warn' };
      await promisify(execFile)(process.execPath, ['dist/cli/src/main.js', 'setup'], {
        env: { ...process.env, ...env },
      });
      const timings = {
        SESSION_TIMEOUT_MS: '6000',
        TRANSACTION_TIMEOUT_MS: '5000',
        REBALANCE_TIMEOUT_MS: '10000',
      };
      const processes = await Promise.all(
        services.map(async (service) => {
          const port = await freePort();
          const started = await startProcess(
            [`dist/apps/${service}/src/main.js`],
            { ...env, ...timings, PORT: String(port) },
            { url: `http://127.0.0.1:${port}`, readyPath: '/health/ready' },
          );
          running.add(started);
          return started;
        }),
      );
      const api = processes[services.indexOf('review-api')];
      return {
        url: api.url,
        pid: api.pid,
        async stop() {
          for (const started of processes) running.delete(started);
          await Promise.all(processes.map((started) => started.stop()));
        },
      };
    },
    async stop() {
      await Promise.allSettled([...running].map((started) => started.stop()));
      await stopInfrastructure();
    },
  };
};
