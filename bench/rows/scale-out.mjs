/** Row: one aggregator and two, over more and more partitions. */
import { median } from '../lib/figures.mjs';
import { writeStory } from '../workloads/facts.mjs';
import { ratios } from './figures-of.mjs';
import { deletePrefix } from './scratch.mjs';
import { runAggregators } from './statistics-run.mjs';

const EVENTS = 2_000_000;
const PARTITIONS = [1, 2, 4, 8];
/** Where one and two are compared. */
const COMPARED = 8;

/** CPU of all aggregators per event; the broker's is not theirs. */
const cpuOf = ({ cpuPerMillion }) =>
  Object.entries(cpuPerMillion).reduce((sum, [name, cpu]) => (name === 'broker' ? sum : sum + cpu), 0);

/** @throws Error when the processes had shared the tasks out only after most of the work */
const runShared = async (world, workload, processes, { profile }) => {
  const run = await runAggregators(world, workload, processes, { profile });
  if (run.records < workload.records / 2)
    throw new Error(`Only ${run.records} events were left once all had joined`);
  return run;
};

const atPartitions = async (world, partitions, options) => {
  const { courses, runs, sized } = options;
  const prefix = `scale-${partitions}-`;
  const workload = await writeStory(world, { events: sized(EVENTS), courses, prefix, partitions });
  const one = [];
  const two = [];
  for (let run = 0; run < (partitions === COMPARED ? runs : 1); run++) {
    one.push(await runShared(world, workload, 1, options));
    if (partitions > 1) two.push(await runShared(world, workload, 2, options));
  }
  await deletePrefix(world, prefix);
  return { partitions, one, two };
};

const figuresAt = ({ partitions, one, two }) =>
  [
    [1, one],
    [2, two],
  ]
    .filter(([, runs]) => runs.length > 0)
    .flatMap(([processes, runs]) => {
      const of = `${partitions} partitions, ${processes} ${processes === 1 ? 'process' : 'processes'}`;
      return [
        { what: `${of}: CPU-s per million events`, values: runs.map(cpuOf) },
        { what: `${of}: events/s`, values: runs.map((run) => run.perSecond) },
        { what: `${of}: events per transaction`, values: runs.map((run) => run.eventsPerTransaction) },
      ];
    });

export const scaleOutRow = {
  title: `${EVENTS.toLocaleString('en')} events, one and two aggregators`,
  async run(world, options) {
    const results = [];
    for (const partitions of PARTITIONS) results.push(await atPartitions(world, partitions, options));
    const { one, two } = results.find(({ partitions }) => partitions === COMPARED);
    world.say(`scale out: two take ${median(ratios(two, one, cpuOf)).toFixed(2)} × the CPU of one`);
    return {
      results,
      figures: results.flatMap(figuresAt),
      goals: { 'scale-out-cpu': ratios(two, one, cpuOf) },
    };
  },
};
