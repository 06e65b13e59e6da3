/**
 * `npm run bench:streams`: what the transaction loop costs on a real Kafka, how fast a state comes back, and what a key
 * takes. The limit in the same run is a bare consumer of the same records.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import getPort from 'get-port';
import kafkajs from 'kafkajs';
import { crc32 } from 'node:zlib';
import { kafkaLogAdmin, requiredTopicsOf } from '../../dist/libs/streams/src/index.js';
import { entryHashOf, StateDigest } from '../../dist/libs/streams/src/state/state-digest.js';
import { startKafka } from '../../dist/stack/src/index.js';
import { CHANGELOG, DEAD_LETTERS, OUTPUT, PARTITIONS, SOURCE } from './topics.mjs';
import { keyOf, valueOf } from './workload.mjs';
import { everyKey, randomOf, zipf } from '../workloads/random.mjs';

const RECORDS_PER_SEND = 250;
const SEED = 1;
const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    keys: { type: 'string', default: '10000' },
    'restore-keys': { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(
    'npm run bench:streams -- [--events 1000000] [--keys 10000] [--restore-keys 1000000] [--runs 3] [--json FILE]\n',
  );
  process.exit(0);
}
const [events, keys, restoreKeys, runs] = ['events', 'keys', 'restore-keys', 'runs'].map((name) =>
  Number(options[name]),
);

const directory = await mkdtemp(join(tmpdir(), 'reviews-bench-'));
await chmod(directory, 0o711);
const say = (line) => process.stdout.write(`${line}\n`);

const broker = await startKafka({
  dataDir: join(directory, 'kafka'),
  port: await getPort({ host: '127.0.0.1' }),
  controllerPort: await getPort({ host: '127.0.0.1' }),
  logFile: join(directory, 'kafka.log'),
});
const kafka = new kafkajs.Kafka({ brokers: [broker.address], logLevel: kafkajs.logLevel.NOTHING });

const makeTopics = async (prefix) => {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const admin = kafkaLogAdmin({ clientId: 'bench', brokers: [broker.address], logger: silent });
  const names = { source: SOURCE, changelog: CHANGELOG, deadLetters: DEAD_LETTERS };
  const prefixed = Object.fromEntries(Object.entries(names).map(([role, name]) => [role, prefix + name]));
  await admin.ensureTopics(requiredTopicsOf({ ...prefixed, outputs: [prefix + OUTPUT] }), {
    partitions: PARTITIONS,
    replicationFactor: 1,
  });
  await admin.close();
};

const produce = async (prefix, count, nextKey, random) => {
  const producer = kafka.producer({ maxInFlightRequests: 4 });
  await producer.connect();
  const batches = Array.from({ length: PARTITIONS }, () => []);
  const send = (partition) =>
    producer.send({ topic: prefix + SOURCE, acks: 1, messages: batches[partition].splice(0) });
  for (let i = 0; i < count; i++) {
    const number = nextKey();
    const partition = number % PARTITIONS;
    batches[partition].push({ key: keyOf(number), value: valueOf(random), partition });
    if (batches[partition].length === RECORDS_PER_SEND) await send(partition);
  }
  for (let partition = 0; partition < PARTITIONS; partition++)
    if (batches[partition].length > 0) await send(partition);
  await producer.disconnect();
};

/** Runs the service until `isDone` of a report, then stops it; returns the first and the last report. */
const runService = async (prefix, isDone) => {
  const child = fork(fileURLToPath(new URL('service.mjs', import.meta.url)), [broker.address, prefix], {
    execArgv: ['--no-warnings'],
  });
  const exit = once(child, 'exit');
  let running;
  const last = await new Promise((resolve, reject) => {
    child.on('message', (report) => {
      if (running === undefined && report.isRunning) running = report;
      if (running !== undefined && isDone(report)) resolve(report);
    });
    child.once('exit', (code) => reject(new Error(`The service ended with ${code}`)));
  });
  child.kill('SIGTERM');
  await exit;
  return { running, last };
};

/** What reading the same records alone costs: the limit of any loop on this client. */
const consumeOnly = async (prefix, count) => {
  const consumer = kafka.consumer({ groupId: `consume-only-${Math.random()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [prefix + SOURCE], fromBeginning: true });
  let seen = 0;
  let startedMs;
  let cpu;
  const seconds = await new Promise((resolve) => {
    void consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: PARTITIONS,
      eachBatch: ({ batch }) => {
        startedMs ??= performance.now();
        cpu ??= process.cpuUsage();
        seen += batch.messages.length;
        if (seen >= count) resolve((performance.now() - startedMs) / 1_000);
        return Promise.resolve();
      },
    });
  });
  const { user, system } = process.cpuUsage(cpu);
  await consumer.disconnect();
  return { seconds, cpuSeconds: (user + system) / 1e6 };
};

const digestCost = () => {
  const digest = new StateDigest();
  const hashes = Array.from({ length: 1_000 }, (_, i) => [keyOf(i), valueOf(randomOf(i)).subarray(0, 16)]);
  const costOf = (work) => {
    const before = process.cpuUsage();
    for (let round = 0; round < 1_000; round++) for (const [key, value] of hashes) work(key, value);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  const add = (key, value) => {
    const hash = entryHashOf(key, crc32(value));
    digest.remove(hash);
    digest.add(hash);
  };
  costOf(add);
  const checksum = costOf((_key, value) => crc32(value));
  return { perMillionKeys: costOf(add), checksumPerMillionKeys: checksum };
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const spread = (numbers, digits = 0) =>
  [Math.min(...numbers), median(numbers), Math.max(...numbers)]
    .map((n) => n.toLocaleString('en', { maximumFractionDigits: digits }))
    .join(' / ');

try {
  const random = randomOf(SEED);
  say(`${events} events of 237 bytes over ${keys} keys (Zipf 1.0), ${PARTITIONS} partitions, ${runs} runs`);
  const loops = [];
  for (let run = 0; run < runs; run++) {
    const prefix = `run-${run}-`;
    await makeTopics(prefix);
    await produce(prefix, events, zipf(keys, random), random);
    const limit = await consumeOnly(prefix, events);
    const { running, last } = await runService(prefix, ({ totals }) => totals.records >= events);
    const seconds = (last.atMs - running.atMs) / 1_000;
    const handled = events - running.totals.records;
    const cpuPerMillion = ((last.cpuSeconds - running.cpuSeconds) / handled) * 1e6;
    loops.push({
      eventsPerSecond: handled / seconds,
      cpuPerMillion,
      limitEventsPerSecond: events / limit.seconds,
      limitCpuPerMillion: (limit.cpuSeconds / events) * 1e6,
      eventsPerTransaction: last.totals.records / last.totals.transactions,
      outputsPerEvent: last.totals.outputs / last.totals.records,
      maxRssMb: last.maxRssBytes / 2 ** 20,
    });
    say(
      `run ${run + 1}: ${Math.round(handled / seconds)} events/s, ${cpuPerMillion.toFixed(2)} CPU-s per million`,
    );
  }

  say(`restore of ${restoreKeys} keys`);
  await makeTopics('restore-');
  await produce('restore-', restoreKeys * 1.2, everyKey(restoreKeys, random), random);
  await runService('restore-', ({ totals }) => totals.records >= restoreKeys * 1.2);
  const restores = [];
  for (let run = 0; run < runs; run++) {
    const { running } = await runService('restore-', () => true);
    const startMs = Math.min(...running.restores.map(({ endMs, durationMs }) => endMs - durationMs));
    const endMs = Math.max(...running.restores.map(({ endMs: end }) => end));
    const records = running.restores.reduce((sum, restore) => sum + restore.records, 0);
    restores.push({
      keysPerSecond: running.entries / ((endMs - startMs) / 1_000),
      recordsPerSecond: records / ((endMs - startMs) / 1_000),
      cpuPerMillionRecords: (running.cpuSeconds / records) * 1e6,
      bytesPerKey: running.stateBytes / running.entries,
      rssMb: running.rssBytes / 2 ** 20,
    });
  }

  const digest = digestCost();
  const of = (list, name) => list.map((item) => item[name]);
  const changedPerEvent = median(of(loops, 'outputsPerEvent'));
  const digestShare = (digest.perMillionKeys * changedPerEvent) / median(of(loops, 'cpuPerMillion'));
  say('');
  say('| what | min / median / max |');
  say('| --- | --- |');
  const row = (what, numbers, digits) => say(`| ${what} | ${spread(numbers, digits)} |`);
  row('loop, events/s', of(loops, 'eventsPerSecond'));
  row('loop, CPU-s per million events', of(loops, 'cpuPerMillion'), 2);
  row('limit: consuming alone, events/s', of(loops, 'limitEventsPerSecond'));
  row('limit: consuming alone, CPU-s per million events', of(loops, 'limitCpuPerMillion'), 2);
  row(
    'loop ÷ limit',
    loops.map((run) => run.eventsPerSecond / run.limitEventsPerSecond),
    3,
  );
  row('events per transaction', of(loops, 'eventsPerTransaction'));
  row('output records per event', of(loops, 'outputsPerEvent'), 3);
  row('loop, resident memory at most, MB', of(loops, 'maxRssMb'));
  row('restore, keys/s', of(restores, 'keysPerSecond'));
  row('restore, changelog records/s', of(restores, 'recordsPerSecond'));
  row('restore, CPU-s per million records (start-up included)', of(restores, 'cpuPerMillionRecords'), 2);
  row('state, bytes per key (16-character keys, 16-byte values)', of(restores, 'bytesPerKey'), 1);
  row('resident memory after the restore, MB', of(restores, 'rssMb'));
  say(
    `\ndigest: ${digest.perMillionKeys.toFixed(3)} CPU-s per million changed keys, ${(digestShare * 100).toFixed(2)} % of the loop's CPU`,
  );
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify({ options, loops, restores, digest }, null, 2)}\n`);
} finally {
  await broker.stop();
  await rm(directory, { recursive: true, force: true });
}
