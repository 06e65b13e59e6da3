import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { apiAt } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { launchStack, sharedInfrastructure, type LaunchedStack } from '../support/launched-stack.js';
import { settled } from '../support/log-offsets.js';
import { pacedRows } from '../support/paced-rows.js';
import { recomputedRows, storedRows } from '../support/recomputed-rows.js';
import { reviewFile } from '../support/review-rows.js';

const PREFIX = 'rebalance-';
const SERVICES = ['fraud-detector', 'aggregator', 'stats-sink'] as const;
type Service = (typeof SERVICES)[number];
/** Three processes start at once, beside whatever else runs. */
const START_PATIENCE_MS = 60_000;

interface Instance {
  readonly url: string;
  readonly child: ChildProcess;
}

describe('a second process of each service that comes and goes during an import', () => {
  const file = reviewFile();
  const instances: Instance[] = [];
  let stack: LaunchedStack;

  beforeAll(async () => {
    stack = await launchStack({ ...sharedInfrastructure(), TOPIC_PREFIX: PREFIX, FRAUD_PERCENT: '0' });
  }, 120_000);

  afterAll(async () => {
    for (const { child } of instances) child.kill('SIGKILL');
    await stack.destroy();
  });

  const startSecond = async (service: Service): Promise<Instance> => {
    const port = await getPort({ host: '127.0.0.1' });
    const timings = {
      SESSION_TIMEOUT_MS: '6000',
      TRANSACTION_TIMEOUT_MS: '5000',
      REBALANCE_TIMEOUT_MS: '10000',
    };
    const child = spawn(process.execPath, [`dist/apps/${service}/src/main.js`], {
      env: { ...process.env, NODE_OPTIONS: '', ...stack.env, ...timings, PORT: String(port) },
      stdio: 'ignore',
    });
    const instance = { url: `http://127.0.0.1:${port}`, child };
    instances.push(instance);
    return instance;
  };

  const isReady = async ({ url }: Instance): Promise<void> => {
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  };

  it('changes no row: some leave in peace, some die', async () => {
    const importing = apiAt(stack.url).importRows(pacedRows(file.rows));
    const seconds = await Promise.all(SERVICES.map(startSecond));
    await Promise.all(seconds.map((second) => eventually(() => isReady(second), START_PATIENCE_MS)));
    const [peaceful, ...others] = seconds;
    const ended = once(peaceful?.child as ChildProcess, 'exit');
    peaceful?.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    for (const { child } of others) child.kill('SIGKILL');

    expect((await importing).summary.complete).toBe(true);
    await settled(stack);
    const expected = await recomputedRows(stack);
    const stored = await storedRows(stack, expected.keys());
    expect(stored).toEqual(expected);
    for (const { courseId, halfStarCounts, count } of file.expected.filter((course) => course.count > 0)) {
      const row = stored.get(courseId) as { allTime: { histogram: readonly number[] } } | undefined;
      expect({ courseId, count, histogram: row?.allTime.histogram }).toEqual({
        courseId,
        count,
        histogram: halfStarCounts,
      });
    }
  }, 180_000);
});
