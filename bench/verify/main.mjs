/**
 * `npm run bench:verify`: how fast `reviews verify` recounts what a real stack has made of an import. The limit in the
 * same run is a bare consumer that only reads the same records.
 */
import { Buffer } from 'node:buffer';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { parseArgs, promisify } from 'node:util';
import getPort from 'get-port';
import kafkajs from 'kafkajs';
import { reviewRows } from './rows.mjs';

const SETTLE_SECONDS = 300;
const TOPICS = ['reviews', 'reviews-valid', 'reviews-fraud'];
const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '600000' },
    courses: { type: 'string', default: '2000' },
    partitions: { type: 'string', default: '4' },
    runs: { type: 'string', default: '3' },
    profile: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(
    'npm run bench:verify -- [--rows 600000] [--courses 2000] [--partitions 4] [--runs 3] [--profile] [--json FILE]\n',
  );
  process.exit(0);
}
const [rows, courses, runs] = ['rows', 'courses', 'runs'].map((name) => Number(options[name]));
const say = (line) => process.stdout.write(`${line}\n`);

const stateDir = await mkdtemp(join(tmpdir(), 'reviews-bench-'));
await chmod(stateDir, 0o711);
const env = {
  ...process.env,
  NODE_OPTIONS: '',
  PORT: String(await getPort({ host: '127.0.0.1' })),
  TOPIC_PARTITIONS: options.partitions,
  REVIEWS_STATE_DIR: stateDir,
};
const launcher = spawn(process.execPath, ['dist/stack/src/main.js'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(launcher, 'exit');

const readyUrl = async () => {
  let output = '';
  for await (const chunk of launcher.stdout.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    const url = /Course Reviews is ready: (\S+)/.exec(output)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The stack did not start:\n${output}`);
};

const importRows = async (url) => {
  const response = await fetch(`${url}/v1/imports/reviews`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(reviewRows(rows, courses))),
    duplex: 'half',
  });
  const last = (await response.text()).trim().split('\n').at(-1);
  say(`imported: ${last}`);
};

const verify = async (seconds, nodeArguments = []) => {
  const command = ['dist/cli/src/main.js', 'verify', '--json', '--wait', String(seconds)];
  const startedMs = performance.now();
  // The shell's own count of what its child took: wall-clock time says little on a shared machine.
  const { stdout, stderr } = await promisify(execFile)(
    'sh',
    ['-c', '"$@"; status=$?; times >&2; exit $status', 'sh', process.execPath, ...nodeArguments, ...command],
    {
      env: {
        ...env,
        KAFKA_BROKERS: run.kafkaBrokers,
        SCHEMA_REGISTRY_URL: run.schemaRegistryUrl,
        DATABASE_URL: run.databaseUrl,
      },
    },
  );
  const cpuSeconds = [
    ...stderr
      .trim()
      .split('\n')
      .at(-1)
      .matchAll(/(\d+)m([\d.]+)s/g),
  ].reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  return { ...JSON.parse(stdout), cpuSeconds, wholeSeconds: (performance.now() - startedMs) / 1_000 };
};

/** What reading the same records alone costs. */
const consumeOnly = async () => {
  const kafka = new kafkajs.Kafka({ brokers: [run.kafkaBrokers], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const left = new Map();
  for (const topic of TOPICS)
    for (const { partition, high } of await admin.fetchTopicOffsets(topic))
      if (Number(high) > 0) left.set(`${topic}/${partition}`, Number(high));
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: `consume-only-${Math.random()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: TOPICS, fromBeginning: true });
  let bytes = 0;
  let startedMs;
  let cpu;
  const seconds = await new Promise((resolve) => {
    consumer.on('consumer.end_batch_process', ({ payload }) => {
      const key = `${payload.topic}/${payload.partition}`;
      if (Number(payload.lastOffset) + 1 >= (left.get(key) ?? Infinity)) left.delete(key);
      if (left.size === 0) resolve((performance.now() - startedMs) / 1_000);
    });
    void consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        startedMs ??= performance.now();
        cpu ??= process.cpuUsage();
        for (const { value } of batch.messages) bytes += value?.length ?? 0;
        return Promise.resolve();
      },
    });
  });
  const { user, system } = process.cpuUsage(cpu);
  await consumer.disconnect();
  return { seconds, bytes, cpuSeconds: (user + system) / 1e6 };
};

let run;
try {
  const url = await readyUrl();
  run = JSON.parse(await readFile(join(stateDir, 'run.json'), 'utf8'));
  await importRows(url);
  const first = await verify(SETTLE_SECONDS);
  say(
    `settled: ${Buffer.byteLength(JSON.stringify(first))} bytes of report, ${first.commands.undecided} commands open`,
  );
  const results = [];
  for (let index = 0; index < runs; index++) {
    const report = await verify(SETTLE_SECONDS, options.profile ? ['--cpu-prof'] : []);
    const limit = await consumeOnly();
    const facts = report.facts.valid + report.facts.held;
    results.push({ report, limit });
    say(
      [
        `run ${index + 1}: ${facts} facts and ${rows} commands, ${report.courses} courses, ${report.differences.total} differences`,
        `${Math.round(facts / report.seconds)} facts/s (${report.seconds.toFixed(2)} s; the whole command ${report.wholeSeconds.toFixed(2)} s)`,
        `${report.cpuSeconds.toFixed(2)} CPU-s, ${Math.round(facts / report.cpuSeconds)} facts per CPU-s`,
        `bare consumer of the same records ${limit.seconds.toFixed(2)} s, ${Math.round(facts / limit.seconds)} facts/s, ${limit.cpuSeconds.toFixed(2)} CPU-s`,
        `ratio ${(limit.seconds / report.seconds).toFixed(3)}`,
      ].join('; '),
    );
  }
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
} finally {
  launcher.kill('SIGTERM');
  await ended;
  await rm(stateDir, { recursive: true, force: true });
}
