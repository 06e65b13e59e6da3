/** Row: the aggregator over many events of few courses, in turns with the best peer; and the textbook peer on as many as it can take. */
import { writeStory } from '../workloads/facts.mjs';
import { cpuOf, figuresOf, ratios, speedOf } from './figures-of.mjs';
import { deletePrefix } from './scratch.mjs';
import { bestSettings, runStatisticsPeer } from './statistics-peer.mjs';
import { runAggregator } from './statistics-run.mjs';

/** It is that slow. */
const TEXTBOOK_EVENTS = 200_000;
/** Enough to tell one setting of the peer from another. */
const TRIAL_EVENTS = 1_000_000;

/** Settings of the best peer, found on a workload of its own. */
export const tunedSettings = async (world, { courses, sized }) => {
  if (world.bestSettings !== undefined) return world.bestSettings;
  const trial = await writeStory(world, { events: sized(TRIAL_EVENTS), courses, prefix: 'trial-' });
  const settings = await bestSettings(world, trial);
  await deletePrefix(world, 'trial-');
  return settings;
};

const textbookRuns = async (world, { courses, sized }) => {
  const prefix = 'textbook-';
  const workload = await writeStory(world, { events: sized(TEXTBOOK_EVENTS), courses, prefix });
  const run = await runStatisticsPeer(world, workload, 'textbook');
  await deletePrefix(world, prefix);
  return [run];
};

export const aggregatorRow = {
  title: 'many events of few courses',
  async run(world, options) {
    const { events, courses, runs, profile, peers } = options;
    const prefix = 'aggregator-';
    const settings = peers === 'none' ? undefined : await tunedSettings(world, options);
    const workload = await writeStory(world, { events, courses, prefix });
    const ours = [];
    const best = [];
    for (let run = 0; run < runs; run++) {
      ours.push(await runAggregator(world, workload, { profile }));
      if (settings !== undefined) best.push(await runStatisticsPeer(world, workload, 'best', settings));
    }
    await deletePrefix(world, prefix);
    const textbook = peers === 'all' ? await textbookRuns(world, options) : [];
    return {
      results: { ours, best, textbook },
      figures: [
        ...figuresOf('aggregator', ours),
        { what: 'aggregator, events per transaction', values: ours.map((run) => run.eventsPerTransaction) },
        ...(best.length > 0 ? figuresOf(`Kafka Streams, best (${JSON.stringify(settings)})`, best) : []),
        ...(textbook.length > 0
          ? figuresOf(`Kafka Streams, textbook, ${options.sized(TEXTBOOK_EVENTS)} events`, textbook)
          : []),
      ],
      goals: {
        'aggregator-speed': best.length > 0 ? ratios(ours, best, speedOf) : [],
        'aggregator-cpu': best.length > 0 ? ratios(ours, best, cpuOf) : [],
        'aggregator-textbook':
          textbook.length > 0 ? ours.map((run) => run.perSecond / textbook[0].perSecond) : [],
      },
    };
  },
};
