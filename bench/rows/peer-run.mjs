/** One run of the Kafka Streams peer over a workload, followed by what it reports. */
import { join } from 'node:path';
import { schemaRegistryAt, schemaTextOf, subjectOf } from '../../dist/libs/contracts/src/index.js';
import { remember } from '../lib/child-process.mjs';
import { deleteTopics, setUpTopics } from '../lib/topics.mjs';
import { watchUntil } from '../lib/watch.mjs';
import { startPeer } from '../peers/kafka-streams.mjs';

let runs = 0;

/** Where a run of a peer writes: topics, state and group of its own. */
export const peerPlace = (servers, form) => {
  const prefix = `peer-${form}-${++runs}-`;
  return { prefix, applicationId: `${prefix}app`, stateDir: join(servers.directory, prefix) };
};

/** The latest report of a peer, and its first of each kind. */
const followed = (peer) => {
  const latest = {};
  let failure;
  const following = (async () => {
    for await (const report of peer.reports) {
      latest[report.kind] = report;
      latest.restoredStores ??= [];
      if (report.kind === 'restored') latest.restoredStores.push(report);
    }
  })().catch((error) => (failure = error));
  return {
    latest,
    following,
    assertAlive() {
      if (failure !== undefined) throw failure;
    },
  };
};

/** Starts a peer on a workload's source. Its topics must exist. */
export const startFollowedPeer = async (
  { servers, classPath },
  workload,
  { form, settings, place, topics },
) => {
  const registry = schemaRegistryAt(servers.addresses.SCHEMA_REGISTRY_URL);
  const ids = {};
  for (const topic of topics)
    ids[`schema-id.${topic}`] = await registry.register(subjectOf(place.prefix, topic), schemaTextOf(topic));
  const peer = startPeer({
    classPath: await classPath(),
    form,
    broker: servers.addresses.KAFKA_BROKERS,
    source: workload.topic,
    outputPrefix: place.prefix,
    applicationId: place.applicationId,
    stateDir: place.stateDir,
    settings: { ...settings, ...ids },
  });
  remember(peer.pid, peer.exited);
  return { peer, ...followed(peer) };
};

/**
 * A peer from an empty state to all of a workload.
 *
 * @param how `form`, `settings`, `place`, the `topics` it writes, and `check`, which throws when its results are wrong
 */
export const runPeer = async (world, workload, how) => {
  const { servers } = world;
  await setUpTopics(servers.addresses, how.place.prefix, workload.partitions);
  const { peer, latest, following, assertAlive } = await startFollowedPeer(world, workload, how);
  let run;
  try {
    const handled = () => {
      assertAlive();
      return Promise.resolve(latest.progress?.committed ?? 0);
    };
    const pids = { service: peer.pid, broker: servers.pids.kafka };
    run = await watchUntil(workload.records, handled, pids);
  } finally {
    await peer.stop();
    await following;
  }
  if (latest.progress.poison > 0)
    throw new Error(`${how.form}: ${latest.progress.poison} records were not understood`);
  await how.check?.(how.place.prefix);
  return { ...run, settings: how.settings, outputsPerEvent: latest.progress.outputs / workload.records };
};

/** Removes what a run left. */
export const forgetPeer = ({ servers }, { prefix }) =>
  deleteTopics(servers.addresses, (name) => name.startsWith(prefix));
