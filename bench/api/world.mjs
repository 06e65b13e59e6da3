/** Real parts of its own for a benchmark: Kafka, registry, PostgreSQL, and services of the product on them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startProcess } from '../lib/child-process.mjs';
import { CHECKOUT, mainOf, NODE } from '../lib/checkout.mjs';
import { cpuSecondsOf } from '../lib/process-usage.mjs';
import { freePort, startServers } from '../lib/servers.mjs';
import { profileArguments } from '../lib/service.mjs';

export { startProcess, until } from '../lib/child-process.mjs';

const EVERY_SERVICE = ['fraud-detector', 'aggregator', 'stats-sink', 'review-api'];
const TIMINGS = {
  SESSION_TIMEOUT_MS: '6000',
  TRANSACTION_TIMEOUT_MS: '5000',
  REBALANCE_TIMEOUT_MS: '10000',
};

/**
 * Services on servers that run already.
 *
 * @param options `profile`, a directory, if any
 */
export const worldOn = ({ addresses, pids }, { profile }) => {
  const running = new Set();
  /** CPU seconds of the services that were stopped, by name. */
  const spentSeconds = {};
  const stopOne = async ({ service, pid, stop }) => {
    spentSeconds[service] = (spentSeconds[service] ?? 0) + cpuSecondsOf(pid);
    await stop();
  };
  const startOne = async (service, env) => {
    const port = await freePort();
    const started = {
      service,
      ...(await startProcess(
        [...profileArguments(profile, service), mainOf(service)],
        { ...env, ...TIMINGS, PORT: String(port), BENCH_HEAP_DIR: profile ?? '' },
        { url: `http://127.0.0.1:${port}`, readyPath: '/health/ready' },
      )),
    };
    running.add(started);
    return started;
  };

  return {
    addresses,
    /** Process ids of the servers, by name. */
    pids,
    spentSeconds,
    /** Topics and tables of their own, and these services on them; the others' share of the machine is free. */
    async startServices(prefix, services = EVERY_SERVICE) {
      const env = { ...addresses, TOPIC_PREFIX: prefix, FRAUD_PERCENT: '0', LOG_LEVEL: 'warn' };
      await promisify(execFile)(NODE, ['dist/cli/src/main.js', 'setup'], {
        cwd: CHECKOUT,
        env: { ...process.env, ...env },
      });
      const processes = await Promise.all(services.map((service) => startOne(service, env)));
      const api = processes[services.indexOf('review-api')];
      return {
        url: api.url,
        pid: api.pid,
        async stop() {
          for (const started of processes) running.delete(started);
          await Promise.all(processes.map(stopOne));
        },
      };
    },
    async stopServices() {
      await Promise.allSettled([...running].map(stopOne));
    },
  };
};

/** Starts the infrastructure; the services come with each part of the benchmark. */
export const startWorld = async (options) => {
  const servers = await startServers();
  const world = worldOn(servers, options);
  return {
    ...world,
    async stop() {
      await world.stopServices();
      await servers.stop();
    },
  };
};
