/** Row: the fraud-detector, which writes a fact for each command, in turns with the peer's ledger. */
import { changelogTopic, topicName } from '../../dist/libs/contracts/src/index.js';
import { startService } from '../lib/service.mjs';
import { deleteTopics, setUpTopics } from '../lib/topics.mjs';
import { watchUntil } from '../lib/watch.mjs';
import { checkLedger, writeCommands } from '../workloads/commands.mjs';
import { figuresOf, ratios, speedOf } from './figures-of.mjs';
import { forgetPeer, peerPlace, runPeer } from './peer-run.mjs';
import { deletePrefix } from './scratch.mjs';
import { handledBy } from './statistics-run.mjs';
import { told } from './told.mjs';

const EVENTS = 1_000_000;
const PREFIX = 'ledger-';
const FACT_TOPICS = ['reviews-valid', 'reviews-fraud'];
const CANDIDATES = [1, 2].flatMap((threads) =>
  [100, 1_000].map((commitMs) => ({ threads, 'commit-ms': commitMs })),
);

/** What the fraud-detector writes, its changelog included. */
const WRITTEN = [
  ...[...FACT_TOPICS, 'fraud-detector-progress'].map((topic) => topicName(PREFIX, topic)),
  changelogTopic(PREFIX, 'fraud-detector'),
];

const runOurs = async ({ servers, say }, workload, { profile }) => {
  const { partitions, records } = workload;
  await deleteTopics(servers.addresses, (name) => WRITTEN.includes(name));
  await setUpTopics(servers.addresses, PREFIX, partitions);
  const service = await startService(servers, 'fraud-detector', { prefix: PREFIX, partitions, profile });
  let run;
  try {
    run = await watchUntil(records, handledBy(service), { service: service.pid, broker: servers.pids.kafka });
  } finally {
    await service.stop();
  }
  await checkLedger(servers.addresses, PREFIX, workload);
  say(`fraud-detector: ${told(run)}`);
  return run;
};

const runTheirs = async (world, workload, settings) => {
  const place = peerPlace(world.servers, 'ledger');
  const check = (prefix) => checkLedger(world.servers.addresses, prefix, workload);
  const run = await runPeer(world, workload, { form: 'ledger', settings, place, topics: FACT_TOPICS, check });
  world.say(`Kafka Streams, ledger (${JSON.stringify(settings)}): ${told(run)}`);
  await forgetPeer(world, place);
  return run;
};

const fastest = async (world, workload) => {
  const runs = [];
  for (const settings of CANDIDATES) runs.push(await runTheirs(world, workload, settings));
  return runs.toSorted((a, b) => b.perSecond - a.perSecond)[0].settings;
};

export const ledgerRow = {
  title: `the fraud-detector over ${EVENTS.toLocaleString('en')} commands`,
  async run(world, { courses, runs, profile, peers, sized }) {
    const workload = await writeCommands(world, { events: sized(EVENTS), courses, prefix: PREFIX });
    const settings = peers === 'none' ? undefined : await fastest(world, workload);
    const ours = [];
    const theirs = [];
    for (let run = 0; run < runs; run++) {
      ours.push(await runOurs(world, workload, { profile }));
      if (settings !== undefined) theirs.push(await runTheirs(world, workload, settings));
    }
    await deletePrefix(world, PREFIX);
    return {
      results: { ours, theirs },
      figures: [
        ...figuresOf('fraud-detector', ours),
        ...(theirs.length > 0
          ? figuresOf(`Kafka Streams, ledger (${JSON.stringify(settings)})`, theirs)
          : []),
      ],
      goals: { 'ledger-speed': theirs.length > 0 ? ratios(ours, theirs, speedOf) : [] },
    };
  },
};
