import { describe, expect, it } from '@jest/globals';
import { InMemoryCluster } from '../testing/cluster/in-memory-cluster.js';
import { startInMemoryProcess } from '../testing/client/in-memory-process.js';
import { VirtualTime } from '../testing/time/virtual-time.js';
import type { ServiceDefinition, TransactionContext } from './service-definition.js';
import type { TaskEvent } from './task-observer.js';
import { DEFAULT_LIMITS, type TransactionLimits } from './transaction-limits.js';

const stores = {
  store: {
    name: 'store',
    codec: {
      encode: (value: number) => Buffer.from(String(value)),
      decode: (bytes: Buffer) => Number(bytes),
    },
  },
};

type Step = (context: TransactionContext<typeof stores, number>) => undefined;

/** A task with some steps of work to do from its start, and with records waiting. */
const taskWith = (steps: Step[], { limits = {}, records = 0 }: Partial<TaskInput> = {}) => {
  const time = new VirtualTime();
  const cluster = new InMemoryCluster({
    nowMs: () => time.nowMs(),
    schedule: (delayMs, callback) => time.schedule(delayMs, callback),
  });
  const waiting = Array.from({ length: records }, (_, n) => ({ key: null, value: Buffer.from(String(n)) }));
  cluster.append({ topic: 'source', partition: 0 }, waiting);
  const done: string[] = [];
  const events: TaskEvent[] = [];
  const definition: ServiceDefinition<typeof stores, number> = {
    applicationId: 'working',
    source: 'source',
    changelog: 'changelog',
    deadLetters: 'dead-letters',
    outputs: ['out'],
    stores,
    logicOf: () => ({
      process: () => void done.push('records'),
      hasWork: () => steps.length > 0,
      work(context) {
        done.push('step');
        steps.shift()?.(context);
      },
    }),
  };
  startInMemoryProcess({
    cluster,
    time,
    definition,
    partitions: 1,
    limits: { ...DEFAULT_LIMITS, ...limits },
    observer: (_taskId, event) => events.push(event),
  });
  const committed = () => events.flatMap((event) => (event.kind === 'committed' ? [event.outputs] : []));
  return { time, done, committed, pass: () => time.run({ untilMs: 30_000 }) };
};

interface TaskInput {
  readonly limits: Partial<TransactionLimits>;
  readonly records: number;
}

const STEPS = 60;
const RECORDS = 40;

const writing: Step = (context) => {
  context.emit('out', { key: null, value: Buffer.from('x') });
};
/** No step begins in a transaction that one was made in. */
const ONE_STEP = { maxHandlingMs: 0 };

describe('work that no record asks for', () => {
  it('is done in few transactions, of as many steps as fit', async () => {
    const { committed, pass } = taskWith(Array.from({ length: 7 }, () => writing));
    await pass();
    expect(committed()).toEqual([7]);
  });

  it('ends a transaction that has changed 400 keys', async () => {
    const changing = Array.from({ length: 1_000 }, (_, n): Step => (context) => {
      context.put('store', String(n), n);
      writing(context);
    });
    const { committed, pass } = taskWith(changing);
    await pass();
    expect(committed()).toEqual([400, 400, 200]);
  });

  it('ends a transaction that has grown large', async () => {
    const { committed, pass } = taskWith(
      Array.from({ length: 7 }, () => writing),
      { limits: { maxBytes: 3 } },
    );
    await pass();
    expect(committed()).toEqual([3, 3, 1]);
  });

  it('writes nothing when its steps have changed nothing, and lets all else have its turn', async () => {
    const idle: Step = () => {
      task.time.schedule(0, () => task.done.push('else'));
    };
    const task = taskWith([idle, idle, idle], { limits: ONE_STEP });
    await task.pass();
    expect(task.committed()).toEqual([]);
    expect(task.done).toEqual(['step', 'else', 'step', 'else', 'step', 'else']);
  });

  it('goes on while records wait, and does not hold them up', async () => {
    // It begins before the first record is fetched and ends after the last one is handled.
    const steps = Array.from({ length: STEPS }, () => writing);
    const { done, pass } = taskWith(steps, { limits: { ...ONE_STEP, maxRecords: 1 }, records: RECORDS });
    await pass();
    const first = done.indexOf('records');
    const meanwhile = done.slice(first, done.lastIndexOf('records') + 1).join();
    expect(meanwhile).toMatch('records,step,records');
    expect(meanwhile).not.toMatch('step,step');
    expect(done.filter((what) => what === 'step')).toHaveLength(STEPS);
    expect(done.filter((what) => what === 'records')).toHaveLength(RECORDS);
  });
});
