/** The Kafka Streams peers that count the same statistics. */
import { forgetPeer, peerPlace, runPeer } from './peer-run.mjs';
import { checkStatistics } from './statistics-run.mjs';
import { told } from './told.mjs';

export const STATISTICS_TOPICS = ['long-term-stats', 'recent-stats'];
/** A team that needs it fast tries these and keeps the fastest. */
const CANDIDATES = [1, 2].flatMap((threads) =>
  [100, 1_000].map((commitMs) => ({ threads, 'commit-ms': commitMs })),
);
/** What each form's results are compared in; the textbook one knows no offsets, and tells nothing of windows without reviews. */
const RULES = {
  textbook: { fields: ['lastReviewAtMs', 'courseTitle'], missing: 'when-empty' },
  best: undefined,
};

/** One run of a form, checked; what it wrote stays when it is to be restored. */
export const runKeptPeer = async (world, workload, form, settings) => {
  const place = peerPlace(world.servers, form);
  const run = await runPeer(world, workload, {
    form,
    settings,
    place,
    topics: STATISTICS_TOPICS,
    check: (prefix) => checkStatistics(world.servers.addresses, prefix, workload, RULES[form]),
  });
  const settled = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  world.say(`Kafka Streams, ${form}${settled.length > 0 ? ` (${settled.join(', ')})` : ''}: ${told(run)}`);
  return { ...run, place };
};

export const runStatisticsPeer = async (world, workload, form, settings = {}) => {
  const run = await runKeptPeer(world, workload, form, settings);
  await forgetPeer(world, run.place);
  return run;
};

/** The fastest settings of the best form on a small workload, tried once in a benchmark. */
export const bestSettings = (world, workload) =>
  (world.bestSettings ??= (async () => {
    let best;
    for (const settings of CANDIDATES) {
      const run = await runStatisticsPeer(world, workload, 'best', settings);
      if (best === undefined || run.perSecond > best.perSecond) best = run;
    }
    return best.settings;
  })());
