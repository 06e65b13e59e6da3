import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { startKafka, type StartedPart } from '../stack/src/index.js';
import { apiAt, type StatisticsAnswer } from './support/api.js';
import { brokerClock, whyNoBrokerClock, type BrokerClock } from './support/broker-clock.js';
import { eventually } from './support/eventually.js';
import { launchStack, sharedInfrastructure, type LaunchedStack } from './support/launched-stack.js';
import { settled } from './support/log-offsets.js';
import { recomputedRows, storedRows } from './support/recomputed-rows.js';
import { topicRecords } from './support/topic-records.js';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
/** How far the clock of each stack's host is ahead of the right one. */
const AHEAD_MS = { right: 0, ahead: YEAR_MS, behind: -YEAR_MS };
const PARTITIONS = 4;
/** In partitions 0, 1 and 2; nobody ever writes to partition 3. */
const BUSY = 'b';
const QUIET = 'quiet';
const LATE = 'c';
const COURSES = [QUIET, BUSY, LATE];

/** What a host clock must not change. Versions and times of the day differ from one log to another. */
interface Shown {
  readonly allTime: { readonly count: number; readonly averageRating: number | null };
  readonly recent: { readonly count: number; readonly averageRating: number | null };
  readonly lastReviewOn: string | null;
  readonly window: string;
}

const whyNot = await whyNoBrokerClock();
if (whyNot !== undefined) process.stdout.write(`NOT TESTED, the days of a broker: ${whyNot}\n`);
const describeWhenPossible = whyNot === undefined ? describe : describe.skip;

describeWhenPossible(`days of the broker${whyNot === undefined ? '' : ` (${whyNot})`}`, () => {
  const stacks = new Map<string, LaunchedStack>();
  let directory: string;
  let clock: BrokerClock;
  let kafka: StartedPart;
  let firstDay: number;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'reviews-days-'));
    // Noon, so that no day ends while this runs; tomorrow's, so that it is later than that of the hosts.
    firstDay = Math.floor(Date.now() / DAY_MS) + 1;
    clock = await brokerClock(directory, firstDay * DAY_MS + DAY_MS / 2);
    kafka = await startKafka({
      dataDir: join(directory, 'data'),
      port: await getPort({ host: '127.0.0.1' }),
      controllerPort: await getPort({ host: '127.0.0.1' }),
      logFile: join(directory, 'kafka.log'),
      env: clock.env,
    });
    await Promise.all(
      Object.entries(AHEAD_MS).map(async ([name, ms]) => {
        stacks.set(name, await launchWith(kafka, name, ms));
      }),
    );
  }, 240_000);

  afterAll(async () => {
    await Promise.all([...stacks.values()].map((stack) => stack.destroy()));
    await kafka.stop();
    await rm(directory, { recursive: true });
  });

  const everywhere = <T>(work: (stack: LaunchedStack) => Promise<T>): Promise<readonly T[]> =>
    Promise.all([...stacks.values()].map(work));

  const submitEverywhere = async (courseId: string, userId: string, rating: number): Promise<void> => {
    const answers = await everywhere((stack) => apiAt(stack.url).submit(courseId, { userId, rating }));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    await everywhere(settled);
  };

  /** The days each partition has started, in the order of the log. */
  const startedDays = async (stack: LaunchedStack): Promise<readonly (readonly unknown[])[]> => {
    const facts = await topicRecords(await stack.run(), `${prefixOf(stack)}reviews-valid`);
    return Array.from({ length: PARTITIONS }, (_, partition) =>
      facts
        .filter((fact) => fact.partition === partition && fact.value?.['kind'] === 'day_started')
        .map(({ value }) => value?.['day']),
    );
  };

  /** Waits until every partition has started that day, and every course shows a window that ends on it. */
  const reached = (day: number): Promise<unknown> =>
    everywhere((stack) =>
      eventually(async () => {
        const started = await startedDays(stack);
        expect(started.map((days) => days.at(-1))).toEqual(new Array(PARTITIONS).fill(day));
        for (const courseId of COURSES) {
          const { body } = await apiAt(stack.url).statistics(courseId);
          expect(body.recent.windowEnd).toBe(isoDate(day));
        }
      }),
    );

  const shown = async (courseId: string): Promise<readonly Shown[]> =>
    everywhere(async (stack) => shownIn((await apiAt(stack.url).statistics(courseId)).body));

  const expectEverywhere = async (courseId: string, expected: Shown): Promise<void> => {
    expect(await shown(courseId)).toEqual([expected, expected, expected]);
  };

  it('begin with its first record', async () => {
    for (const courseId of COURSES) await submitEverywhere(courseId, 'ann', 4);
    await reached(firstDay);
    for (const courseId of COURSES) await expectEverywhere(courseId, showing(firstDay, [4], [4], firstDay));
  }, 60_000);

  it('move on at midnight, where somebody writes and where nobody does', async () => {
    await clock.moveTo((firstDay + 1) * DAY_MS + 1);
    await submitEverywhere(BUSY, 'bob', 2);
    await reached(firstDay + 1);
    await expectEverywhere(BUSY, showing(firstDay + 1, [4, 2], [4, 2], firstDay + 1));
    await expectEverywhere(QUIET, showing(firstDay + 1, [4], [4], firstDay));
  }, 60_000);

  it('may be jumped over, and a review leaves the window when its 90 days are over', async () => {
    await clock.moveTo((firstDay + 90) * DAY_MS + 1);
    await submitEverywhere(LATE, 'bob', 1);
    await reached(firstDay + 90);
    await expectEverywhere(QUIET, showing(firstDay + 90, [4], [], null));
    await expectEverywhere(BUSY, showing(firstDay + 90, [4, 2], [2], firstDay + 1));
    await expectEverywhere(LATE, showing(firstDay + 90, [4, 1], [1], firstDay + 90));
  }, 60_000);

  it('are each a fact in every partition, once, whatever the clocks of the hosts say', async () => {
    const days = [firstDay, firstDay + 1, firstDay + 90];
    for (const started of await everywhere(startedDays))
      expect(started).toEqual(new Array(PARTITIONS).fill(days));
  }, 60_000);

  it('lead to the rows that a batch recomputation gives, versions included', async () => {
    await everywhere(async (stack) => {
      const expected = await recomputedRows(stack);
      expect(expected.size).toBe(COURSES.length);
      expect(await storedRows(stack, expected.keys())).toEqual(expected);
    });
  }, 60_000);

  it('are not what an import is checked by at the edge: the limit of 24 hours ahead is by the clock of the API', async () => {
    const createdAt = new Date().toISOString();
    const row = { courseId: 'imported', courseTitle: 'I', userId: 'ann', rating: 4, createdAt, content: '' };
    const accepted = new Map<string, number>();
    for (const [name, stack] of stacks)
      accepted.set(name, (await apiAt(stack.url).importRows([row])).summary.accepted);
    expect(Object.fromEntries(accepted)).toEqual({ right: 1, ahead: 1, behind: 0 });
  });
});

const launchWith = (kafka: StartedPart, name: string, aheadMs: number): Promise<LaunchedStack> =>
  launchStack({
    ...sharedInfrastructure(),
    KAFKA_BROKERS: kafka.address,
    TOPIC_PREFIX: `days-${name}-`,
    TOPIC_PARTITIONS: String(PARTITIONS),
    FRAUD_PERCENT: '0',
    HOST_CLOCK_AHEAD_MS: String(aheadMs),
    NODE_OPTIONS: `--import ${new URL('support/shift-host-clock.mjs', import.meta.url).href}`,
  });

const prefixOf = (stack: LaunchedStack): string => stack.env['TOPIC_PREFIX'] ?? '';

const shownIn = ({ allTime, recent }: StatisticsAnswer): Shown => ({
  allTime: { count: allTime.count, averageRating: allTime.averageRating },
  recent: { count: recent.count, averageRating: recent.averageRating },
  lastReviewOn: recent.lastReviewAt?.slice(0, 10) ?? null,
  window: `${recent.windowStart} to ${recent.windowEnd}`,
});

const showing = (
  day: number,
  allTime: readonly number[],
  recent: readonly number[],
  lastReviewDay: number | null,
): Shown => ({
  allTime: numbersOf(allTime),
  recent: numbersOf(recent),
  lastReviewOn: lastReviewDay === null ? null : isoDate(lastReviewDay),
  window: `${isoDate(day - 89)} to ${isoDate(day)}`,
});

const numbersOf = (ratings: readonly number[]) => ({
  count: ratings.length,
  averageRating:
    ratings.length === 0 ? null : ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length,
});

const isoDate = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
