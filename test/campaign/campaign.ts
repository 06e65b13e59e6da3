import { kafkaLogAdmin, requiredTopicsOf } from '@reviews/streams';
import { eventually } from '../support/eventually.js';
import { startKafkaProxy, type Fate, type KafkaProxy } from '../support/kafka-proxy.js';
import { clientFaults, type ClientFaults, type Moment } from './client-faults.js';
import { bareKafka, committedRecords } from './committed-records.js';
import { fleetOf, type Fleet } from './fleet.js';
import { startInput, type Input } from './input.js';
import { verdictOf, type Verdict } from './oracle.js';
import { seededRandom, type Random } from './random.js';
import type { ServiceProcess } from './service-process.js';
import { topicsOf, type CampaignTopics } from './topics.js';

const PARTITIONS = 4;
const ACCOUNTS = 400;
const WEATHER = 0.004;
const STORM = 0.03;
const FEED_MS = 20;
/** When everything is written, a little goes on, so that there is always a transaction to hit. */
const TRICKLE = 0.1;
const FINDING_OUT_MS = 5_000;
const PATIENCE_MS = 90_000;
const PROGRESS_MS = 10_000;
const MUTUAL_FENCINGS = 4;

/** How large a campaign is. */
export interface CampaignSize {
  readonly prefix: string;
  readonly brokers: readonly string[];
  readonly seed: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  /** How often everything is done that is done to the service, each time in another order. */
  readonly rounds: number;
  /** Cuts there must have been before it may end. */
  readonly minCuts: number;
}

/** What was done to the service, and what it said. */
export interface CampaignCounts {
  readonly events: number;
  readonly abortedEvents: number;
  readonly kills: number;
  /** Of these, within a transaction that held outputs: those on purpose, chance may add more. */
  readonly openKills: number;
  readonly cutRequests: number;
  readonly cutResponses: number;
  /** Commits of which the service did not know whether they had happened. */
  readonly unknownCommits: number;
  readonly foundCommitted: number;
  readonly foundAborted: number;
  /** Owners that stood still until another had everything, and then went on. */
  readonly takeOvers: number;
  /** Commits of such an owner that reached the broker after the take-over. */
  readonly lateCommits: number;
  /** Such owners that noticed, or ended. */
  readonly zombiesStopped: number;
  /** Group offsets deleted or moved. */
  readonly offsetsChanged: number;
  /** Times a task was fenced by its other owner while two processes owned every partition, and both committed. */
  readonly mutualFencings: number;
  readonly assignments: number;
  readonly commits: number;
  readonly fenced: number;
  readonly restoredWhole: number;
  readonly restoredTail: number;
  readonly quarantined: number;
}

export interface CampaignResult {
  readonly counts: CampaignCounts;
  readonly verdict: Verdict;
  /** Processes that ended although nobody had told them to. */
  readonly unexpectedEnds: readonly string[];
}

/** Everything a fault may need. */
interface World {
  readonly size: CampaignSize;
  readonly random: Random;
  readonly topics: CampaignTopics;
  readonly applicationId: string;
  readonly proxy: KafkaProxy;
  readonly faults: ClientFaults;
  readonly fleet: Fleet;
  readonly input: Input;
  readonly done: {
    kills: number;
    openKills: number;
    takeOvers: number;
    lateCommits: number;
    zombiesStopped: number;
    offsetsChanged: number;
    mutualFencings: number;
  };
}

/** Runs the service, does to it what the size says, and judges what it has written. */
export const runCampaign = async (size: CampaignSize): Promise<CampaignResult> => {
  const random = seededRandom(size.seed);
  const topics = topicsOf(size.prefix);
  const applicationId = `${size.prefix}counting`;
  await createTopics(size, topics);
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

const createTopics = async ({ brokers }: CampaignSize, topics: CampaignTopics): Promise<void> => {
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  const admin = kafkaLogAdmin({ clientId: 'campaign', brokers, logger });
  const { source, changelog, deadLetters, counts, summaries, receipts } = topics;
  const required = requiredTopicsOf({
    source,
    changelog,
    deadLetters,
    outputs: [counts, summaries, receipts],
  });
  await admin.ensureTopics(required, { partitions: PARTITIONS, replicationFactor: 1 });
  await admin.close();
};

/** Writes events in the background, at the campaign's pace. */
const feed = ({ input, size, random }: World): { stop(): Promise<void> } => {
  const stopping = new AbortController();
  const startedAtMs = performance.now();
  const isDue = (): boolean => {
    if (input.written.size >= size.events) return random.chance(TRICKLE);
    return input.written.size < ((performance.now() - startedAtMs) * size.eventsPerSecond) / 1_000;
  };
  const feeding = (async () => {
    while (!stopping.signal.aborted) {
      if (isDue()) await input.append(1);
      await later(FEED_MS);
    }
    await input.append(size.events - input.written.size);
  })();
  return {
    stop() {
      stopping.abort();
      return feeding;
    },
  };
};

const later = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

type Fault = readonly [title: string, work: (world: World) => Promise<void>];

/** One round. */
const FAULTS: readonly Fault[] = [
  ['a commit lost on its way', (world) => unknownCommit(world, 'cut request')],
  ['the answer to a commit lost', (world) => unknownCommit(world, 'cut response')],
  ['killed within a transaction', killWithOpenTransaction],
  ['killed within a transaction, again', killWithOpenTransaction],
  ['killed', killAnyTime],
  ['an owner stands still', freeze],
  ['two owners of everything', secondOwner],
  ['group offsets deleted', (world) => withoutProcesses(world, deleteGroupOffsets)],
  [
    'group offsets moved to the start',
    (world) => withoutProcesses(world, (w) => moveGroupOffsets(w, 'start')),
  ],
  ['group offsets moved to the end', (world) => withoutProcesses(world, (w) => moveGroupOffsets(w, 'end'))],
];

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

/** Loses a commit or its answer until the service, which did not know, has found out what became of it. */
const unknownCommit = async (
  { fleet, faults }: World,
  fate: 'cut request' | 'cut response',
): Promise<void> => {
  const found = fate === 'cut request' ? 'outcome-resolved aborted' : 'outcome-resolved committed';
  const before = fleet.count(found);
  const check = (): Promise<boolean> => {
    if (fleet.count(found) === before) throw new Error('Nobody has found out');
    return Promise.resolve(true);
  };
  await untilDone(
    async () =>
      (await faults.atNext(isCommit, () => fate)) &&
      // Whoever loses the partition meanwhile does not care any more.
      (await eventually(check, FINDING_OUT_MS).catch(() => false)),
  );
};

const untilDone = async (attempt: () => Promise<boolean>): Promise<void> => {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!(await attempt()))
    if (performance.now() > deadlineMs) throw new Error('It came to nothing, again and again');
};

const isCommit = ({ apiName, isComplete }: Moment): boolean => apiName === 'EndTxn' && isComplete;

/** The second send of a transaction is never a barrier's: outputs are in the log. */
const isSendAfterOutputs = ({ apiName, sends }: Moment): boolean => apiName === 'Produce' && sends > 1;

async function killWithOpenTransaction({ fleet, faults, random, done }: World): Promise<void> {
  await fleet.running();
  const [matches, fate] = random.pick([
    [isSendAfterOutputs, 'pass'],
    [({ apiName }: Moment) => apiName === 'TxnOffsetCommit', 'pass'],
    [isCommit, 'cut request'],
  ] as const);
  await untilDone(async () => {
    const victim = await anOwner(fleet, random);
    const isKilled = await faults.atNext(
      (moment) => moment.clientId === victim.clientId && matches(moment),
      () => {
        fleet.expectEnd(victim);
        victim.signal('SIGKILL');
        return fate;
      },
    );
    if (isKilled) await fleet.kill(victim);
    return isKilled;
  });
  done.kills += 1;
  done.openKills += 1;
  fleet.start();
  await fleet.running();
}

async function killAnyTime({ fleet, random, done }: World): Promise<void> {
  await fleet.running();
  await later(1_000 * random.next());
  const victim = await anOwner(fleet, random);
  await fleet.kill(victim);
  done.kills += 1;
  fleet.start();
  await fleet.running();
}

/** One of the processes that run a task, once there is one: the weather or a rebalance may have stopped them all. */
const anOwner = (fleet: Fleet, random: Random): Promise<ServiceProcess> =>
  eventually(() => {
    const owners = fleet
      .alive()
      .filter((process) => process.tasks().some(({ state }) => state === 'running'));
    const [owner] = random.shuffled(owners);
    if (owner === undefined) throw new Error('Nobody owns anything');
    return Promise.resolve(owner);
  }, PATIENCE_MS);

/** An owner stands still with its commit on the way, until another has everything; then the commit arrives, then it wakes up. */
async function freeze({ fleet, faults, random, done }: World): Promise<void> {
  await eventually(async () => {
    await fleet.running();
    if (fleet.alive().some((process) => process.tasks().length === 0)) throw new Error('Not yet shared');
  }, PATIENCE_MS);
  const isLateCommit = done.takeOvers % 2 === 0;
  const matches = isLateCommit ? isCommit : isSendAfterOutputs;
  let release = (): void => undefined;
  const isTakenOver = new Promise<void>((resolve) => {
    release = resolve;
  });
  let victim = await anOwner(fleet, random);
  await untilDone(async () => {
    victim = await anOwner(fleet, random);
    return faults.atNext(
      (moment) => moment.clientId === victim.clientId && matches(moment),
      async (): Promise<Fate> => {
        victim.signal('SIGSTOP');
        if (isLateCommit) await isTakenOver;
        return 'pass';
      },
    );
  });
  const seen = noticed(victim);
  try {
    await fleet.running(() => fleet.alive().filter((process) => process !== victim));
    done.takeOvers += 1;
    if (isLateCommit) done.lateCommits += 1;
  } finally {
    release();
    // Time for the commit to arrive before its sender can do anything else.
    await later(200);
    victim.signal('SIGCONT');
  }
  await eventually(() => {
    if (victim.isAlive() && noticed(victim) === seen)
      throw new Error('The old owner goes on as if nothing had happened');
    return Promise.resolve();
  }, PATIENCE_MS);
  done.zombiesStopped += 1;
  await fleet.running();
}

/** Failures and assignments it has told of: what an owner must meet that is none any more. */
const noticed = (process: ServiceProcess): number =>
  process.count('aborted') + process.count('info: assigned');

/** A process of another group takes everything over, whose tasks the first group's members still own. */
async function secondOwner({ fleet, applicationId, done }: World): Promise<void> {
  await fleet.running();
  const otherGroup = otherGroupOf(applicationId);
  const countOf = (what: string, groupId?: string): (() => number) => {
    const before = fleet.count(what, groupId);
    return () => fleet.count(what, groupId) - before;
  };
  const restored = countOf('restored whole', otherGroup);
  const second = countOf('committed', otherGroup);
  fleet.start(otherGroup);
  await eventually(() => {
    if (restored() < PARTITIONS) throw new Error('The second owner has not restored everything');
    return Promise.resolve();
  }, PATIENCE_MS);
  const [fencings, first] = [countOf('aborted FENCED'), countOf('committed', applicationId)];
  await eventually(() => {
    if (second() === 0) throw new Error('The second owner committed nothing');
    if (first() === 0) throw new Error('The first owners committed nothing');
    if (fencings() < MUTUAL_FENCINGS) throw new Error('Nobody was fenced');
    return Promise.resolve();
  }, PATIENCE_MS);
  done.mutualFencings += fencings();
  await fleet.stop(otherGroup);
  await fleet.running();
}

const otherGroupOf = (applicationId: string): string => `${applicationId.slice(0, -1)}!`;

const withoutProcesses = async (world: World, work: (world: World) => Promise<void>): Promise<void> => {
  const { fleet, done } = world;
  await fleet.stop();
  await work(world);
  done.offsetsChanged += 1;
  fleet.start();
  fleet.start();
  await fleet.running();
};

async function deleteGroupOffsets({ size, applicationId }: World): Promise<void> {
  // Whoever was stopped before it could leave is a member for a while.
  await eventually(() => withAdmin(size, (admin) => admin.deleteGroups([applicationId])), PATIENCE_MS);
}

/** As somebody who is no member: the broker accepts it within a transaction. */
async function moveGroupOffsets(
  { size, applicationId, topics, random }: World,
  where: 'start' | 'end',
): Promise<void> {
  const moved = await withAdmin(size, (admin) =>
    Promise.all(
      [topics.source, topics.changelog].map(async (topic) => ({
        topic,
        partitions: (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
          partition,
          offset: where === 'start' ? low : high,
        })),
      })),
    ),
  );
  const transactionalId = `${applicationId}-mover-${random.below(1_000_000)}`;
  const producer = bareKafka(size.brokers).producer({ transactionalId, maxInFlightRequests: 1 });
  await producer.connect();
  const transaction = await producer.transaction();
  // As the first act of a transaction it may meet its own beginning.
  await eventually(() => transaction.sendOffsets({ consumerGroupId: applicationId, topics: moved }));
  await transaction.commit();
  await producer.disconnect();
  await eventually(() => expectGroupOffsets(size, applicationId, moved));
}

type MovedOffsets = readonly {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}[];

const expectGroupOffsets = (size: CampaignSize, groupId: string, moved: MovedOffsets): Promise<void> =>
  withAdmin(size, async (admin) => {
    for (const { topic, partitions } of moved) {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
      for (const { partition, offset } of partitions)
        if (found?.partitions.find((at) => at.partition === partition)?.offset !== offset)
          throw new Error(`The offsets of ${groupId} on ${topic} were not moved`);
    }
  });

type Admin = ReturnType<ReturnType<typeof bareKafka>['admin']>;

const withAdmin = async <T>({ brokers }: CampaignSize, work: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = bareKafka(brokers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
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

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

const cutsOf = ({ proxy }: World): number => sumOf(proxy.cutRequests) + sumOf(proxy.cutResponses);

const countsOf = ({ input, proxy, fleet, done }: World): CampaignCounts => ({
  ...done,
  events: input.written.size,
  abortedEvents: input.aborted,
  cutRequests: sumOf(proxy.cutRequests),
  cutResponses: sumOf(proxy.cutResponses),
  unknownCommits: fleet.count('outcome-unknown'),
  foundCommitted: fleet.count('outcome-resolved committed'),
  foundAborted: fleet.count('outcome-resolved aborted'),
  assignments: fleet.count('info: assigned'),
  commits: fleet.count('committed'),
  fenced: fleet.count('fenced'),
  restoredWhole: fleet.count('restored whole'),
  restoredTail: fleet.count('restored tail'),
  quarantined: fleet.count('quarantined'),
});

const progressOf = (world: World): string =>
  Object.entries(countsOf(world))
    .map(([name, count]) => `${name} ${String(count)}`)
    .join(' · ');

const judged = async ({ size, topics, input }: World): Promise<Verdict> => {
  const [source, counts, deadLetters, summaries, receipts, changelog] = await Promise.all(
    [
      topics.source,
      topics.counts,
      topics.deadLetters,
      topics.summaries,
      topics.receipts,
      topics.changelog,
    ].map((topic) => committedRecords(size.brokers, topic)),
  );
  const differences: string[] = [];
  const readable = source?.flat().map(({ headers }) => String(headers['id'])) ?? [];
  if (readable.length !== input.written.size || readable.some((id) => !input.written.has(id)))
    differences.push(`the source holds ${readable.length} events, but ${input.written.size} were written`);
  const verdicts = Array.from({ length: PARTITIONS }, (_, partition) =>
    verdictOf(
      {
        source: source?.[partition] ?? [],
        counts: counts?.[partition] ?? [],
        deadLetters: deadLetters?.[partition] ?? [],
        summaries: summaries?.[partition] ?? [],
        receipts: receipts?.[partition] ?? [],
        changelog: changelog?.[partition] ?? [],
      },
      partition,
      topics,
    ),
  );
  return {
    lost: verdicts.reduce((sum, { lost }) => sum + lost, 0),
    duplicated: verdicts.reduce((sum, { duplicated }) => sum + duplicated, 0),
    differences: [...differences, ...verdicts.flatMap((verdict) => verdict.differences)].slice(0, 40),
  };
};
