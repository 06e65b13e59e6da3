import { eventually } from '../support/eventually.js';
import { startKafkaProxy } from '../support/kafka-proxy.js';
import { clientFaults } from './client-faults.js';
import { countsOf, cutsOf, progressOf, type CampaignCounts } from './counts.js';
import { FAULTS } from './faults/faults.js';
import { feed } from './feed.js';
import { fleetOf } from './fleet.js';
import { startInput } from './input.js';
import { judged } from './judgement.js';
import type { Verdict } from './oracle.js';
import { seededRandom } from './random.js';
import { createTopics, PARTITIONS, topicsOf } from './topics.js';
import { PATIENCE_MS } from './waiting.js';
import type { CampaignSize, World } from './world.js';

const ACCOUNTS = 400;
const WEATHER = 0.004;
const STORM = 0.03;
const PROGRESS_MS = 10_000;

/** What a campaign ends with. */
export interface CampaignResult {
  readonly counts: CampaignCounts;
  readonly verdict: Verdict;
  /** Processes that ended although nobody had told them to. */
  readonly unexpectedEnds: readonly string[];
}

/** Runs the service, does to it what the size says, and judges what it has written. */
export const runCampaign = async (size: CampaignSize): Promise<CampaignResult> => {
  const random = seededRandom(size.seed);
  const topics = topicsOf(size.prefix);
  const applicationId = `${size.prefix}counting`;
  await createTopics(size.brokers, topics);
  const proxy = await startKafkaProxy({ brokers: size.brokers });
  const faults = clientFaults(random);
  proxy.fateOf = faults.fateOf;
  const fleet = fleetOf({
    brokers: size.brokers,
    proxies: proxy.addresses,
    applicationId,
    groupId: applicationId,
    topics,
    partitions: PARTITIONS,
  });
  const inputRandom = seededRandom(size.seed + 1);
  const input = await startInput({
    brokers: size.brokers,
    topic: topics.source,
    partitions: PARTITIONS,
    accounts: ACCOUNTS,
    random: inputRandom,
  });
  const done = {
    kills: 0,
    openKills: 0,
    takeOvers: 0,
    lateCommits: 0,
    zombiesStopped: 0,
    offsetsChanged: 0,
    mutualFencings: 0,
  };
  const world: World = { size, random, topics, applicationId, proxy, faults, fleet, input, done };
  const feeder = feed(world);
  const progress = setInterval(() => {
    say(progressOf(world));
  }, PROGRESS_MS);
  try {
    await faulty(world);
    faults.setWeather(0);
    await feeder.stop();
    await handled(world);
    await fleet.stop();
  } catch (error) {
    say(fleet.report());
    throw error;
  } finally {
    clearInterval(progress);
    await feeder.stop().catch(() => undefined);
    await fleet.end();
    await input.close();
    await proxy.close();
  }
  say(progressOf(world));
  return { counts: countsOf(world), verdict: await judged(world), unexpectedEnds: fleet.ends };
};

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const faulty = async (world: World): Promise<void> => {
  const { fleet, faults, random, size } = world;
  fleet.start();
  fleet.start();
  await fleet.running();
  faults.setWeather(WEATHER);
  for (let round = 0; round < size.rounds; round++)
    for (const [title, work] of random.shuffled(FAULTS)) {
      say(title);
      await work(world);
      if (fleet.count('quarantined') > 0) throw new Error('A task was quarantined');
    }
  faults.setWeather(STORM);
  await eventually(() => {
    if (cutsOf(world) < size.minCuts) throw new Error(`Only ${cutsOf(world)} cuts`);
    return Promise.resolve();
  }, PATIENCE_MS);
};

/** Resolves when the service says it has handled everything. */
const handled = ({ fleet, input }: World): Promise<void> =>
  eventually(() => {
    const reached = fleet.alive().flatMap((process) => process.tasks());
    const behind = input.ends.filter(
      (end, partition) =>
        !reached.some((task) => task.partition === partition && (task.sourceNext ?? 0) >= end),
    );
    if (behind.length > 0)
      throw new Error(`${behind.length} partitions are behind: ${JSON.stringify(reached)}`);
    return Promise.resolve();
  }, PATIENCE_MS);
