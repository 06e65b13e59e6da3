/** Row: the state of a million courses comes back from its changelog, in turns with the best peer's from its own. */
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { until } from '../lib/child-process.mjs';
import { column } from '../lib/figures.mjs';
import { cpuSecondsOf, memoryOf } from '../lib/process-usage.mjs';
import { startService } from '../lib/service.mjs';
import { countMillion, millionCourses } from './million.mjs';
import { startFollowedPeer } from './peer-run.mjs';
import { STATISTICS_TOPICS } from './statistics-peer.mjs';

const PATIENCE_MS = 180_000;

/** From the moment the tasks were assigned, fencing included, until the last one was restored, as the service's log tells it. */
const readRestore = (logFile) => {
  const lines = readFileSync(logFile, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const restored = lines.filter(({ msg, extent }) => msg === 'restored' && extent === 'whole');
  const startMs = Date.parse(lines.find(({ msg }) => msg === 'assigned').time);
  const endMs = Math.max(...restored.map(({ time }) => Date.parse(time)));
  return {
    seconds: (endMs - startMs) / 1_000,
    records: restored.reduce((sum, { records }) => sum + records, 0),
  };
};

const restoreOurs = async ({ servers, say }, { prefix, partitions }, { profile }) => {
  const service = await startService(servers, 'aggregator', { prefix, partitions, profile });
  try {
    await until(
      async () => {
        service.assertAlive();
        return (await service.metrics())('stream_task_state', 'state="running"') === partitions;
      },
      'tasks do not run',
      PATIENCE_MS,
    );
    const cpuSeconds = cpuSecondsOf(service.pid);
    const run = { ...readRestore(service.logFile), cpuSeconds, peakMb: memoryOf(service.pid).peakMb };
    say(
      `restore: ${run.records.toLocaleString('en')} records in ${run.seconds.toFixed(2)} s, ${run.cpuSeconds.toFixed(1)} CPU-s`,
    );
    return run;
  } finally {
    await service.stop();
  }
};

const restoreBest = async (world, { workload, settings, place }) => {
  await rm(place.stateDir, { recursive: true, force: true });
  const how = { form: 'best', settings, place, topics: STATISTICS_TOPICS };
  const { peer, latest, following, assertAlive } = await startFollowedPeer(world, workload, how);
  try {
    await until(
      () => {
        assertAlive();
        return latest.running !== undefined;
      },
      'the peer does not run',
      PATIENCE_MS,
    );
  } finally {
    await peer.stop();
    await following;
  }
  const { restoreMillis, restoredRecords, cpuSeconds, maxRssBytes } = latest.running;
  const run = {
    seconds: restoreMillis / 1_000,
    records: restoredRecords,
    cpuSeconds,
    peakMb: maxRssBytes / 2 ** 20,
  };
  world.say(
    `restore, Kafka Streams: ${run.records.toLocaleString('en')} records in ${run.seconds.toFixed(2)} s, ${run.cpuSeconds.toFixed(1)} CPU-s`,
  );
  return run;
};

const figuresOf = (who, runs) => [
  { what: `${who}, restore, s`, values: column(runs, 'seconds') },
  { what: `${who}, changelog records`, values: column(runs, 'records') },
  { what: `${who}, CPU-s since the process started`, values: column(runs, 'cpuSeconds') },
  { what: `${who}, resident memory at most, MB`, values: column(runs, 'peakMb') },
];

export const restoreRow = {
  title: 'the state of a million courses comes back',
  async run(world, options) {
    const million = await millionCourses(world, options);
    if (!million.isCounted) await countMillion(world, million, options);
    const ours = [];
    const best = [];
    for (let run = 0; run < options.runs; run++) {
      ours.push(await restoreOurs(world, million.workload, options));
      if (million.place !== undefined) best.push(await restoreBest(world, million));
    }
    return {
      results: { ours, best },
      figures: [
        ...figuresOf('aggregator', ours),
        ...(best.length > 0 ? figuresOf('Kafka Streams, best', best) : []),
      ],
      goals: { 'restore-time': best.map((run, index) => ours[index].seconds / run.seconds) },
    };
  },
};
