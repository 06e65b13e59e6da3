import { seededRandom } from '../campaign/random.js';
import { eventually } from '../support/eventually.js';
import { pidOf, type LaunchedStack } from '../support/launched-stack.js';
import { settled } from '../support/log-offsets.js';
import { topicRecords } from '../support/topic-records.js';
import { faultsOf } from './judge-writes.js';
import { writingClient, type Told } from './writing-client.js';

const CLIENTS = 50;
/** On a machine others use, too. */
const PATIENCE_MS = 240_000;

/** How large a campaign is. */
export interface WritesCampaign {
  readonly seed: number;
  /** Requests that are answered in the end. */
  readonly requests: number;
  /** How often review-api is killed, at equal distances. */
  readonly kills: number;
}

export interface WritesReport {
  readonly faults: readonly string[];
  /** Answers by what was asked and status. */
  readonly answers: ReadonlyMap<string, number>;
  readonly promised: number;
  /** Requests that had to be sent more than once. */
  readonly repeated: number;
  readonly kills: number;
}

/** Fifty clients write until so many requests are answered, while review-api dies and comes back. */
export const runWritesCampaign = async (
  stack: LaunchedStack,
  { seed, requests, kills }: WritesCampaign,
): Promise<WritesReport> => {
  const told: Told = { promised: [], answers: new Map(), answered: 0, repeated: 0 };
  const clients = Array.from({ length: CLIENTS }, (_, index) =>
    writingClient(`client-${index}`, stack.url, seededRandom(seed * 1_000 + index), told),
  );
  const write = async (client: (typeof clients)[number]): Promise<void> => {
    while (told.answered < requests) await client.step();
  };
  const kill = async (): Promise<void> => {
    for (let done = 0; done < kills; done++) {
      await eventually(
        () => reached(() => told.answered, ((done + 1) / (kills + 1)) * requests),
        PATIENCE_MS,
      );
      await killApi(stack);
    }
  };
  try {
    await Promise.all([kill(), ...clients.map(write)]);
  } finally {
    for (const client of clients) client.close();
  }
  await settled(stack);
  const topics = {
    reviews: await recordsOf(stack, 'reviews'),
    valid: await recordsOf(stack, 'reviews-valid'),
    held: await recordsOf(stack, 'reviews-fraud'),
  };
  const reviews = clients.flatMap((client) => client.reviews);
  const { answers, promised, repeated } = told;
  return { faults: faultsOf(topics, promised, reviews), answers, promised: promised.length, repeated, kills };
};

const reached = (now: () => number, wanted: number): Promise<void> =>
  now() >= wanted ? Promise.resolve() : Promise.reject(new Error(`${now()} of ${wanted} requests`));

const killApi = async (stack: LaunchedStack): Promise<void> => {
  const pid = await pidOf(stack, 'review-api');
  process.kill(pid, 'SIGKILL');
  await eventually(async () => {
    if ((await pidOf(stack, 'review-api')) === pid) throw new Error('review-api was not started again');
  });
};

const recordsOf = async (stack: LaunchedStack, topic: string) =>
  topicRecords(await stack.run(), `${stack.env['TOPIC_PREFIX'] ?? ''}${topic}`);
