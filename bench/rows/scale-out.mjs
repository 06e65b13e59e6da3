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

const atPartitions = async (world, partitions, options) => {
  const { courses, runs, profile, sized } = options;
  const prefix = `scale-${partitions}-`;
  const workload = await writeStory(world, { events: sized(EVENTS), courses, prefix, partitions });
  const one = [];
  const two = [];
  for (let run = 0; run < (partitions === COMPARED ? runs : 1); run++) {
    one.push(await runAggregators(world, workload, 1, { profile }));
    if (partitions > 1) two.push(await runAggregators(world, workload, 2, { profile }));
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
        // What came before is not counted: then the first one still did the work of both.
        { what: `${of}: events once all had joined`, values: runs.map((run) => run.records) },
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
