import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiAt } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { launchStack, pidOf, sharedInfrastructure, type LaunchedStack } from '../support/launched-stack.js';
import { endOffsets, settled, sum, withAdmin } from '../support/log-offsets.js';
import { recomputedRows, storedRows } from '../support/recomputed-rows.js';
import { pacedRows } from '../support/paced-rows.js';
import { isAcceptable, reviewFile } from '../support/review-rows.js';

const PREFIX = 'kill-';
/** What each service reads, by which its position is known. */
const SOURCE_OF = {
  'fraud-detector': 'reviews',
  aggregator: 'reviews-valid',
  'stats-sink': 'long-term-stats',
} as const;
type Consumer = keyof typeof SOURCE_OF;

describe('each service killed with -9 in the middle of an import', () => {
  const file = reviewFile();
  let stack: LaunchedStack;

  beforeAll(async () => {
    stack = await launchStack({ ...sharedInfrastructure(), TOPIC_PREFIX: PREFIX, FRAUD_PERCENT: '0' });
  }, 120_000);

  afterAll(async () => {
    await stack.destroy();
  });

  const positionOf = (service: Consumer): Promise<number> =>
    withAdmin(stack, async (admin) => {
      const offsets = await admin.groupOffsets(PREFIX + service, PREFIX + SOURCE_OF[service]);
      return sum([...offsets.values()].map((offset) => Math.max(0, offset)));
    });

  const restartsOf = async (service: string): Promise<number> =>
    (await stack.run()).parts.find(({ name }) => name === service)?.restarts ?? 0;

  const kill = async (service: string): Promise<void> => {
    const before = await restartsOf(service);
    process.kill(await pidOf(stack, service), 'SIGKILL');
    await eventually(async () => {
      if ((await restartsOf(service)) === before) throw new Error(`${service} was not started again`);
    });
  };

  it('leaves the rows that a batch recomputation gives, byte for byte, and the numbers of the oracle', async () => {
    const killedAt = new Map<Consumer, number>();
    const killPast = async (service: Consumer, minPosition: number): Promise<void> => {
      await eventually(async () => {
        const position = await positionOf(service);
        if (position < minPosition) throw new Error(`${service} is at ${position}`);
        killedAt.set(service, position);
      }, 60_000);
      await kill(service);
    };
    const api = apiAt(stack.url);
    const importing = api.importRows(pacedRows(file.rows));
    await killPast('stats-sink', 20);
    await killPast('aggregator', 1_000);
    await killPast('fraud-detector', 3_000);
    const { summary } = await importing;
    expect(summary).toMatchObject({ accepted: file.rows.filter(isAcceptable).length, complete: true });

    // The API dies with the import's connection: the file is simply imported again.
    const interrupted = api.importRows(pacedRows(file.rows));
    await Promise.all([expect(interrupted).rejects.toThrow(), kill('review-api')]);
    await eventually(async () => {
      expect((await fetch(`${stack.url}/health/ready`)).status).toBe(200);
    });
    expect((await api.importRows(file.rows)).summary.complete).toBe(true);

    await settled(stack);
    for (const [service, position] of killedAt) {
      const end = sum(await endOffsets(stack, SOURCE_OF[service]));
      process.stdout.write(`${service} was killed at ${position} of ${end} in ${SOURCE_OF[service]}\n`);
      expect(position).toBeGreaterThan(0);
      expect(position).toBeLessThan(end);
    }
    const expected = await recomputedRows(stack);
    const stored = await storedRows(stack, expected.keys());
    expect(stored).toEqual(expected);
    for (const { courseId, halfStarCounts, count } of file.expected) {
      const row = stored.get(courseId) as { allTime: { histogram: readonly number[] } } | undefined;
      if (count === 0) expect(row).toBeUndefined();
      else expect(row?.allTime.histogram).toEqual(halfStarCounts);
    }
  }, 180_000);
});
