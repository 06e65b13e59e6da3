/**
 * The service under test: keeps count and sum per key, writes each changed key once per transaction. Tells its parent
 * what it has done, and its CPU time and memory, as JSON lines.
 */
import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import { setInterval } from 'node:timers';
import { startStreamService } from '../../dist/libs/streams/src/index.js';
import { CHANGELOG, DEAD_LETTERS, OUTPUT, PARTITIONS, SOURCE } from './topics.mjs';

const REPORT_EVERY_MS = 50;
const silent = { debug() {}, info() {}, warn: console.error, error: console.error };
const [brokers, prefix] = process.argv.slice(2);

const codec = {
  encode({ count, sum }) {
    const bytes = Buffer.allocUnsafe(16);
    bytes.writeDoubleLE(count, 0);
    bytes.writeDoubleLE(sum, 8);
    return bytes;
  },
  decode: (bytes) => ({ count: bytes.readDoubleLE(0), sum: bytes.readDoubleLE(8) }),
};

const definition = {
  applicationId: `${prefix}bench`,
  source: prefix + SOURCE,
  changelog: prefix + CHANGELOG,
  deadLetters: prefix + DEAD_LETTERS,
  outputs: [prefix + OUTPUT],
  stores: { sums: { name: 'sums', codec } },
  logicOf() {
    const changed = new Set();
    return {
      process(records, context) {
        for (const { key, value } of records) {
          const name = key.latin1Slice();
          const { count, sum } = context.get('sums', name) ?? { count: 0, sum: 0 };
          context.put('sums', name, { count: count + 1, sum: sum + value[0] });
          changed.add(name);
        }
      },
      finish(context) {
        for (const name of changed) {
          const value = codec.encode(context.get('sums', name));
          context.emit(prefix + OUTPUT, { key: Buffer.from(name), value });
        }
        changed.clear();
      },
    };
  },
};

const totals = { records: 0, transactions: 0, outputs: 0, changedKeys: 0, bytes: 0 };
const restores = [];
const service = await startStreamService({
  connection: { clientId: 'bench', brokers: [brokers], logger: silent },
  definition,
  partitions: PARTITIONS,
  observer(_taskId, event) {
    if (event.kind === 'restored') restores.push({ ...event, endMs: performance.now() });
    if (event.kind !== 'committed') return;
    totals.transactions += 1;
    for (const name of ['records', 'outputs', 'changedKeys', 'bytes']) totals[name] += event[name];
  },
  onFatal(error) {
    console.error(error);
    process.exit(1);
  },
});

setInterval(() => {
  const tasks = service.tasks();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.send?.({
    isRunning: tasks.length === PARTITIONS && tasks.every(({ state }) => state === 'running'),
    totals,
    restores,
    entries: tasks.reduce((sum, { entries }) => sum + entries, 0),
    stateBytes: tasks.reduce((sum, { stateBytes }) => sum + stateBytes, 0),
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    rssBytes: process.memoryUsage.rss(),
    maxRssBytes: maxRSS * 1024,
    atMs: performance.now(),
  });
}, REPORT_EVERY_MS);
process.once('SIGTERM', () => void service.stop().then(() => process.exit(0)));
