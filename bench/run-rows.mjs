/** Runs rows one after the other on servers of their own. */
import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { killRunning } from './lib/child-process.mjs';
import { cpuSecondsOfFamily } from './lib/process-usage.mjs';
import { startServers } from './lib/servers.mjs';
import { buildKafkaStreamsPeer } from './peers/kafka-streams.mjs';
import { ROWS } from './rows/index.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM'];

const cpuOfAll = (pids) =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSecondsOfFamily(pid)]));

const measured = async (row, world, options) => {
  const { pids } = world.servers;
  const loadBefore = loadavg()[0];
  const cpuBefore = cpuOfAll(pids);
  const startedMs = performance.now();
  const outcome = await row.run(world, options).catch((error) => ({ failed: error.stack ?? String(error) }));
  const cpuAfter = cpuOfAll(pids);
  return {
    title: row.title,
    runs: options.runs,
    loadBefore,
    ...outcome,
    loadAfter: loadavg()[0],
    wallSeconds: (performance.now() - startedMs) / 1_000,
    serverCpuSeconds: Object.fromEntries(
      Object.keys(pids).map((name) => [name, cpuAfter[name] - cpuBefore[name]]),
    ),
  };
};

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH: there is no such process.
    return false;
  }
};

/** Rows that need the same servers and follow each other share them; what one leaves behind, it removes itself. */
const groupsOf = (names) => {
  const groups = [];
  for (const name of names) {
    const servers = ROWS[name].servers ?? ['kafka', 'registry'];
    const last = groups.at(-1);
    if (last?.servers.join() === servers.join()) last.names.push(name);
    else groups.push({ servers, names: [name] });
  }
  return groups;
};

/** A row that fails is reported; the others that share its servers go on as long as these live. */
const runGroup = async ({ servers: needed, names }, options, { say, results }) => {
  const servers = await startServers(needed);
  let stopping;
  // Ctrl-C reaches this process twice when a launcher passes it on: the second one must not end it before its servers.
  const stop = () => {
    killRunning();
    stopping ??= servers
      .stop()
      .catch((error) => say(`The servers did not stop: ${error.stack}`))
      .finally(() => process.exit(1));
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  let classPath;
  const world = { servers, say, classPath: () => (classPath ??= buildKafkaStreamsPeer()) };
  try {
    for (const name of names) {
      say(`${name}: ${ROWS[name].title}`);
      results[name] = await measured(ROWS[name], world, options);
      const { failed, loadBefore, loadAfter, wallSeconds } = results[name];
      say(
        `${name}: ${failed === undefined ? 'done' : `FAILED: ${failed}`} in ${Math.round(wallSeconds)} s, load ${loadBefore.toFixed(1)} to ${loadAfter.toFixed(1)}`,
      );
      if (!Object.values(servers.pids).every(isAlive)) break;
    }
  } finally {
    // Told to stop, the process ends there.
    await (stopping ?? servers.stop());
    for (const signal of SIGNALS) process.off(signal, stop);
  }
};

/** @returns what each row measured, by its name */
export const runRows = async (options, say) => {
  const results = {};
  for (const group of groupsOf(options.only)) await runGroup(group, options, { say, results });
  return results;
};
