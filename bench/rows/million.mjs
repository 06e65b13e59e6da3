/** Row: a million courses, in turns with the best peer; what the last runs wrote stays for the restore. */
import { everyCourse, writeStory } from '../workloads/facts.mjs';
import { tunedSettings } from './aggregator.mjs';
import { cpuOf, figuresOf, memoryOf, ratios, speedOf } from './figures-of.mjs';
import { runKeptPeer } from './statistics-peer.mjs';
import { forgetPeer } from './peer-run.mjs';
import { runAggregator } from './statistics-run.mjs';

const EVENTS = 3_000_000;
const COURSES = 1_000_000;
const PREFIX = 'million-';

/** The workload, and the state of ours and of the peer after it: written once in a benchmark. */
export const millionCourses = async (world, options) => {
  if (world.million !== undefined) return world.million;
  const settings = options.peers === 'none' ? undefined : await tunedSettings(world, options);
  const shape = {
    events: options.sized(EVENTS),
    courses: options.sized(COURSES),
    prefix: PREFIX,
    nextCourseOf: everyCourse,
  };
  return (world.million = {
    settings,
    workload: await writeStory(world, shape),
    isCounted: false,
    place: undefined,
  });
};

/** One run of ours and one of the peer, which leave their states. */
export const countMillion = async (world, million, { profile }) => {
  const { workload, settings, place } = million;
  const ours = await runAggregator(world, workload, { profile });
  million.isCounted = true;
  if (settings === undefined) return { ours };
  if (place !== undefined) await forgetPeer(world, place);
  const best = await runKeptPeer(world, workload, 'best', settings);
  million.place = best.place;
  return { ours, best };
};

export const millionRow = {
  title: `${EVENTS.toLocaleString('en')} events over ${COURSES.toLocaleString('en')} courses`,
  async run(world, options) {
    const million = await millionCourses(world, options);
    const runs = [];
    for (let run = 0; run < options.runs; run++) runs.push(await countMillion(world, million, options));
    const ours = runs.map((run) => run.ours);
    const best = runs.flatMap((run) => run.best ?? []);
    const compared = (of) => (best.length > 0 ? ratios(ours, best, of) : []);
    return {
      results: { ours, best },
      figures: [
        ...figuresOf('aggregator', ours),
        {
          what: 'aggregator, bytes of state per course',
          values: ours.map((run) => run.stateBytes / run.stateEntries),
        },
        ...(best.length > 0
          ? figuresOf(`Kafka Streams, best (${JSON.stringify(million.settings)})`, best)
          : []),
      ],
      goals: {
        'million-speed': compared(speedOf),
        'million-cpu': compared(cpuOf),
        'million-memory': compared(memoryOf),
      },
    };
  },
};
