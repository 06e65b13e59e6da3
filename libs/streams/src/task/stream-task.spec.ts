import { describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import { topicPartitionKey, type RecordBatch, type StreamRecord } from '../records.js';
import type { StreamLogger } from '../stream-logger.js';
import { StreamsError } from '../streams-error.js';
import { InMemoryCluster } from '../testing/cluster/in-memory-cluster.js';
import { PLAIN_HABITS } from '../testing/client/in-memory-client.js';
import { fenceInMemory } from '../testing/client/in-memory-writer.js';
import { Network, PERFECT_NETWORK, type RequestFault, type RequestKind } from '../testing/client/network.js';
import { startInMemoryProcess, type InMemoryProcess } from '../testing/client/in-memory-process.js';
import { ProcessTime } from '../testing/time/process-time.js';
import { VirtualTime } from '../testing/time/virtual-time.js';
import type { ServiceDefinition } from './service-definition.js';
import { StreamTask } from './stream-task.js';
import type { TaskEvent } from './task-observer.js';
import { DEFAULT_LIMITS, type TransactionLimits } from './transaction-limits.js';

const WORDS = ['a', 'b', 'a', 'c', 'b', 'a', 'a', 'd', 'c', 'a'];
const EXPECTED = ['a=1', 'b=1', 'a=2', 'c=1', 'b=2', 'a=3', 'a=4', 'd=1', 'c=2', 'a=5'];
const SOURCE = { topic: 'words', partition: 0 };
const COUNTS = { topic: 'counts', partition: 0 };
const CHANGELOG = { topic: 'word-count-changelog', partition: 0 };

const stores = {
  counts: {
    name: 'counts',
    codec: {
      encode: (count: number) => Buffer.from(String(count)),
      decode: (bytes: Buffer) => Number(bytes.toString()),
    },
  },
};

type WordCount = ServiceDefinition<typeof stores, { readonly total: number }>;

/** Writes, for each word, how often it came so far; `!` is poison and `?` something only we could have written. */
const wordCount: WordCount = {
  applicationId: 'word-count',
  source: 'words',
  changelog: 'word-count-changelog',
  deadLetters: 'word-count-dead-letters',
  outputs: ['counts', 'receipts'],
  stores,
  logicOf: () => ({
    process(records, context) {
      for (const record of records) {
        const word = String(record.value);
        if (word === '?') throw new StreamsError('IMPOSSIBLE_RECORD', 'we never write that');
        if (word === '!') {
          context.deadLetter(record, 'poison', new Error('exclamation mark'));
          continue;
        }
        const count = (context.get('counts', word) ?? 0) + 1;
        context.put('counts', word, count);
        context.emit('counts', { key: Buffer.from(word), value: Buffer.from(String(count)) });
      }
      context.setPartitionState({ total: (context.partitionState()?.total ?? 0) + records.length });
    },
  }),
  receipt: {
    topic: 'receipts',
    recordOf: ({ sourceNext, partitionState }) => ({
      key: Buffer.from('0'),
      value: Buffer.from(`${sourceNext}:${partitionState?.total ?? 0}`),
    }),
  },
};

const SILENT: StreamLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

interface StartOptions {
  readonly definition?: WordCount;
  readonly limits?: Partial<TransactionLimits>;
  readonly faultOf?: (kind: RequestKind) => RequestFault;
}

/** A cluster with one partition of words, on a clock of its own. */
const worldWith = (words: readonly string[]) => {
  const time = new VirtualTime();
  const cluster = new InMemoryCluster({
    nowMs: () => time.nowMs(),
    schedule: (delayMs, callback) => time.schedule(delayMs, callback),
  });
  const append = (...more: readonly string[]): void => {
    cluster.append(
      SOURCE,
      more.map((word) => ({ key: null, value: Buffer.from(word) })),
    );
  };
  append(...words);
  const started: InMemoryProcess[] = [];
  return {
    time,
    cluster,
    append,
    start({ definition = wordCount, limits = {}, faultOf }: StartOptions = {}) {
      const events: TaskEvent[] = [];
      const process = startInMemoryProcess({
        cluster,
        time,
        definition,
        partitions: 1,
        limits: { ...DEFAULT_LIMITS, ...limits },
        plan: faultOf === undefined ? PERFECT_NETWORK : { ...PERFECT_NETWORK, faultOf },
        observer: (_taskId, event) => events.push(event),
      });
      started.push(process);
      return { process, events };
    },
    /** Lets time pass until it is done, at most half a minute. */
    async until(isDone: () => boolean): Promise<void> {
      await time.run({ untilMs: time.nowMs() + 30_000, isDone });
      expect(isDone()).toBe(true);
    },
    async pass(ms: number): Promise<void> {
      await time.run({ untilMs: time.nowMs() + ms });
    },
    /** A clean stop takes time like everything else. */
    async stop(process: InMemoryProcess): Promise<void> {
      let isStopped = false;
      void process.stop().then(() => (isStopped = true));
      await time.run({ untilMs: time.nowMs() + 30_000, isDone: () => isStopped });
      expect(isStopped).toBe(true);
    },
    counts: () => cluster.committed(COUNTS).map(textOf),
    lastReceipt: () =>
      cluster
        .committed({ topic: 'receipts', partition: 0 })
        .map(({ value }) => String(value))
        .at(-1),
  };
};

const textOf = ({ key, value }: StreamRecord): string => `${String(key)}=${String(value)}`;
const hasHandled = (process: InMemoryProcess, words: number) => () =>
  process.tasks()[0]?.sourceNext === words;
const stateOf = (process: InMemoryProcess) => process.tasks()[0]?.state;
const committed = (events: readonly TaskEvent[]) =>
  events.flatMap((event) => (event.kind === 'committed' ? [event] : []));
const kinds = (events: readonly TaskEvent[]): readonly string[] => events.map(({ kind }) => kind);

describe('a task', () => {
  it('writes every output once when nothing fails', async () => {
    const world = worldWith(WORDS);
    const { process } = world.start();
    await world.until(hasHandled(process, WORDS.length));
    expect(world.counts()).toEqual(EXPECTED);
    expect(world.lastReceipt()).toBe('10:10');
  });

  it('takes everything that waits into one transaction, and what comes alone into a small one', async () => {
    const world = worldWith(WORDS);
    const { process, events } = world.start();
    await world.until(hasHandled(process, WORDS.length));
    world.append('e');
    await world.until(hasHandled(process, WORDS.length + 1));
    expect(committed(events).map(({ records }) => records)).toEqual([10, 1]);
  });

  it.each([
    ['records', { maxRecords: 3 }, [3, 3, 3, 1]],
    ['bytes', { maxBytes: 1 }, [10]],
    ['keys', { maxKeys: 1 }, [10]],
  ] as const)(
    'ends a transaction that has enough %s, looked at after each slice',
    async (_what, limits, sizes) => {
      const world = worldWith(WORDS);
      const { process, events } = world.start({ limits });
      await world.until(hasHandled(process, WORDS.length));
      expect(committed(events).map(({ records }) => records)).toEqual(sizes);
      expect(world.counts()).toEqual(EXPECTED);
    },
  );

  it.each([
    ['bytes', { maxBytes: 1 }],
    ['keys', { maxKeys: 1 }],
  ] as const)('handles no second slice in a transaction that has enough %s', async (_what, limits) => {
    const world = worldWith(Array.from({ length: 1_200 }, (_, i) => `w${i % 7}`));
    const { process, events } = world.start({ limits });
    await world.until(hasHandled(process, 1_200));
    expect(committed(events).map(({ records }) => records)).toEqual([500, 500, 200]);
  });

  it('tells what a transaction did', async () => {
    const world = worldWith(['a', '!', 'a']);
    const { process, events } = world.start();
    await world.until(hasHandled(process, 3));
    expect(committed(events)).toEqual([
      expect.objectContaining({
        records: 3,
        outputs: 3,
        changedKeys: 1,
        deadLetters: new Map([['poison', 1]]),
      }),
    ]);
  });

  it('writes an entry to its changelog once for each transaction that changed it', async () => {
    const world = worldWith(WORDS);
    const { process } = world.start({ limits: { maxRecords: 5 } });
    await world.until(hasHandled(process, WORDS.length));
    const entries = world.cluster.committed(CHANGELOG).map(({ key }) => String(key));
    expect(entries.filter((key) => key.startsWith('s')).sort()).toEqual([
      'scounts/a',
      'scounts/a',
      'scounts/b',
      'scounts/c',
      'scounts/c',
      'scounts/d',
    ]);
  });

  it('tells its group what is handled, at the latest when it has been idle for a second', async () => {
    const world = worldWith(['a']);
    world.start();
    const told = () =>
      world.cluster.group(wordCount.applicationId).committedOffset(topicPartitionKey(SOURCE)).last;
    await world.until(() => world.counts().length === 1);
    world.append('b');
    await world.until(() => world.counts().length === 2);
    expect(told()).toBe(1);
    await world.until(() => told() === 2);
  });

  it('goes on where it stood after a clean restart', async () => {
    const world = worldWith(WORDS.slice(0, 4));
    const first = world.start();
    await world.until(hasHandled(first.process, 4));
    await world.stop(first.process);
    world.append(...WORDS.slice(4));
    const second = world.start();
    await world.until(hasHandled(second.process, WORDS.length));
    expect(world.counts()).toEqual(EXPECTED);
    expect(second.events).toContainEqual(expect.objectContaining({ kind: 'restored', extent: 'whole' }));
  });

  it('reads only the tail of its changelog after a failure, and learns what became of its commit', async () => {
    const world = worldWith(WORDS);
    let endTxn = 0;
    // Barrier, first position, then the transaction: its answer is lost.
    const faultOf = (kind: RequestKind): RequestFault =>
      kind === 'EndTxn' && ++endTxn === 3 ? 'response lost' : 'none';
    const { process, events } = world.start({ faultOf });
    await world.until(hasHandled(process, WORDS.length));
    expect(world.counts()).toEqual(EXPECTED);
    expect(kinds(events)).toEqual([
      'fenced',
      'restored',
      'outcome-unknown',
      'aborted',
      'fenced',
      'restored',
      'outcome-resolved',
    ]);
    expect(events).toContainEqual({ kind: 'outcome-resolved', outcome: 'committed' });
    const restores = events.flatMap((event) => (event.kind === 'restored' ? [event] : []));
    expect(restores.map(({ extent }) => extent)).toEqual(['whole', 'tail']);
  });

  it('learns that a commit never happened', async () => {
    const world = worldWith(WORDS);
    let endTxn = 0;
    const faultOf = (kind: RequestKind): RequestFault =>
      kind === 'EndTxn' && ++endTxn === 3 ? 'request lost' : 'none';
    const { process, events } = world.start({ faultOf });
    await world.until(hasHandled(process, WORDS.length));
    expect(world.counts()).toEqual(EXPECTED);
    expect(events).toContainEqual({ kind: 'outcome-resolved', outcome: 'aborted' });
  });

  it('sets poison aside with its bytes and its origin, and goes on', async () => {
    const world = worldWith(['a', '!', 'b']);
    const { process } = world.start();
    await world.until(hasHandled(process, 3));
    expect(world.counts()).toEqual(['a=1', 'b=1']);
    const [letter] = world.cluster.committed({ topic: 'word-count-dead-letters', partition: 0 });
    expect(String(letter?.value)).toBe('!');
    expect(Object.fromEntries(Object.entries(letter?.headers ?? {}).map(([k, v]) => [k, String(v)]))).toEqual(
      {
        'dead-letter-topic': 'words',
        'dead-letter-partition': '0',
        'dead-letter-offset': '1',
        'dead-letter-append-time': '0',
        'dead-letter-reason': 'poison',
        'dead-letter-error': 'exclamation mark',
      },
    );
  });

  it('is quarantined by too many dead letters, and writes nothing of that transaction', async () => {
    const world = worldWith(Array.from({ length: 101 }, () => '!'));
    const { process } = world.start();
    await world.until(() => stateOf(process) === 'quarantined');
    expect(world.cluster.committed({ topic: 'word-count-dead-letters', partition: 0 })).toEqual([]);
    expect(process.fatal).toBeUndefined();
  });

  it('lets as many dead letters pass as are allowed a minute, minute after minute', async () => {
    const world = worldWith(Array.from({ length: 100 }, () => '!'));
    const { process } = world.start();
    await world.until(hasHandled(process, 100));
    await world.pass(61_000);
    world.append(...Array.from({ length: 100 }, () => '!'));
    await world.until(hasHandled(process, 200));
    expect(stateOf(process)).toBe('running');
  });

  it('is quarantined by a record only we could have written, and writes nothing of that transaction', async () => {
    const world = worldWith(['a', '?', 'b']);
    const { process } = world.start();
    await world.until(() => stateOf(process) === 'quarantined');
    expect(world.counts()).toEqual([]);
    expect(process.fatal).toBeUndefined();
  });

  it('waits longer and longer while every transaction fails, although acquiring works', async () => {
    const world = worldWith(WORDS);
    const faultOf = (kind: RequestKind): RequestFault =>
      kind === 'TxnOffsetCommit' ? 'request lost' : 'none';
    const { events } = world.start({ faultOf });
    const failures = (): number => kinds(events).filter((kind) => kind === 'aborted').length;
    await world.pass(10_000);
    const early = failures();
    await world.pass(60_000);
    expect(early).toBeGreaterThan(3);
    //  100 ms, 200 ms, 400 ms … 5 s, 5 s, 5 s
    expect(failures() - early).toBeLessThanOrEqual(12);
  });

  it('is quarantined when it cannot read its own state', async () => {
    const world = worldWith(WORDS);
    const first = world.start();
    await world.until(hasHandled(first.process, WORDS.length));
    await world.stop(first.process);
    const decode = (): number => {
      throw new Error('another format');
    };
    const unreadable = { counts: { ...stores.counts, codec: { ...stores.counts.codec, decode } } };
    world.append('a');
    const { process } = world.start({ definition: { ...wordCount, stores: unreadable } });
    await world.until(() => stateOf(process) === 'quarantined');
    expect(process.fatal).toBeUndefined();
  });

  it('refuses to start when its outputs have records and its changelog knows no position', async () => {
    const world = worldWith(['a']);
    world.cluster.append(COUNTS, [{ key: Buffer.from('a'), value: Buffer.from('1') }]);
    const { process } = world.start();
    await world.until(() => process.fatal !== undefined);
    expect(process.fatal?.code).toBe('SOURCE_TRUNCATED');
    expect(process.fatal?.message).toContain('the changelog was lost');
  });

  it('refuses to start when its position lies beyond the end of its source, and stays there', async () => {
    const world = worldWith(WORDS);
    const first = world.start();
    await world.until(hasHandled(first.process, WORDS.length));
    await world.stop(first.process);
    const { process } = world.start({ definition: { ...wordCount, source: 'other-words' } });
    await world.until(() => process.fatal !== undefined);
    expect(process.fatal?.message).toContain('other-words/0 holds offsets 0 to 0, but 10 is next');
  });

  it('tries a transaction that failed with half as many records, and grows again', async () => {
    const world = worldWith(WORDS);
    let commits = 0;
    // Barrier and first position, then two transactions that fail, each with the barrier after it.
    const faultOf = (kind: RequestKind): RequestFault =>
      kind === 'EndTxn' && [3, 5].includes(++commits) ? 'request lost' : 'none';
    const { process, events } = world.start({ faultOf, limits: { maxRecords: 8 } });
    await world.until(hasHandled(process, WORDS.length));
    expect(committed(events).map(({ records }) => records)).toEqual([2, 4, 4]);
    expect(world.counts()).toEqual(EXPECTED);
  });

  it('reads what waits before it looks at the time', async () => {
    const order: string[] = [];
    const world = worldWith(WORDS);
    const definition: WordCount = {
      ...wordCount,
      tickIntervalMs: 1_000,
      logicOf: () => ({
        process: () => void order.push('words'),
        tick: () => void order.push('tick'),
      }),
    };
    world.start({ definition });
    await world.until(() => order.length > 1);
    expect(order).toEqual(['words', 'tick']);
  });

  it('asks for the broker time when it starts idle', async () => {
    const ticks: number[] = [];
    const world = worldWith([]);
    await world.pass(1_234);
    const definition: WordCount = {
      ...wordCount,
      logicOf: () => ({
        process: () => undefined,
        tick({ appendTimeMs }) {
          ticks.push(appendTimeMs);
        },
      }),
    };
    world.start({ definition });
    await world.until(() => ticks.length > 0);
    expect(ticks[0]).toBeGreaterThan(1_234);
  });
});

/** Offers the source's records of a range as one batch. */
const offerTo =
  (world: ReturnType<typeof worldWith>, task: { offer: (batch: RecordBatch) => 'applied' | 'dropped' }) =>
  (from: number, to: number): 'applied' | 'dropped' =>
    task.offer({
      ...SOURCE,
      records: world.cluster.committed(SOURCE).slice(from, to),
      fetchedOffset: offsetOf(from),
      nextOffset: offsetOf(to),
      highWatermark: offsetOf(WORDS.length),
    });

/** A running task without a consumer: what comes from its source is up to the test. */
const handFedTask = async (limits: Partial<TransactionLimits> = { maxRecords: 4 }) => {
  const world = worldWith(WORDS);
  const { time, cluster } = world;
  const process = new ProcessTime(time);
  const network = new Network(time, process, PERFECT_NETWORK, () => undefined);
  const client = { cluster, network, clock: process, habits: PLAIN_HABITS };
  const asked: string[] = [];
  const events: TaskEvent[] = [];
  let fatal: StreamsError | undefined;
  const task = new StreamTask({
    definition: wordCount,
    partition: 0,
    clock: time,
    logger: SILENT,
    observer: (_taskId, event) => events.push(event),
    predecessor: Promise.resolve(),
    limits: { ...DEFAULT_LIMITS, ...limits },
    onFatal: (error) => (fatal = error),
    source: {
      resumeAt: (offset) => asked.push(`resume at ${offset}`),
      pause: () => asked.push('pause'),
      resume: () => asked.push('resume'),
      ownershipConfirmed: () => Promise.resolve(),
      membershipCurrent: () => Promise.resolve(),
    },
    log: {
      fence: (transactionalId) => fenceInMemory(client, transactionalId, 5_000),
      offsetsOf: (target) => Promise.resolve(cluster.offsetsOf(target)),
      readChangelog: (target, { from, until }, onRecords) => {
        onRecords(cluster.committed(target).filter(({ offset }) => offset >= from && offset <= until));
        return Promise.resolve();
      },
    },
  });
  await world.until(() => task.status.state === 'running');
  asked.length = 0;
  const offer = offerTo(world, task);
  return { world, task, asked, offer, events, fatal: () => fatal };
};

describe('what a task makes of its source', () => {
  it('asks again when a batch does not begin where the last one ended', async () => {
    const { world, task, asked, offer } = await handFedTask();
    expect(offer(1, 3)).toBe('dropped');
    expect(asked).toEqual(['resume at 0']);
    expect(offer(0, 3)).toBe('applied');
    await world.until(() => task.status.sourceNext === 3);
  });

  it('is quarantined when it asked again and records are still missing', async () => {
    const { world, task, offer } = await handFedTask();
    offer(0, 2);
    offer(3, 4);
    expect(offer(3, 4)).toBe('dropped');
    await world.until(() => task.status.state === 'quarantined');
  });

  it('stops the process when what is missing is no longer in the source', async () => {
    const { world, offer, fatal } = await handFedTask();
    world.cluster.partition(SOURCE).deleteRecordsBefore(offsetOf(3));
    offer(3, 4);
    offer(3, 4);
    await world.until(() => fatal()?.code === 'SOURCE_TRUNCATED');
  });

  it('does not take a stretch of control records for the missing one', async () => {
    const { task, asked } = await handFedTask();
    task.skip(offsetOf(5), offsetOf(6));
    expect(asked).toEqual(['resume at 0']);
  });

  it('goes on behind a stretch of control records', async () => {
    const { offer, task } = await handFedTask();
    task.skip(offsetOf(0), offsetOf(2));
    expect(offer(2, 4)).toBe('applied');
  });

  it('is paused while too much waits, and resumed when half of it is handled', async () => {
    const { world, task, asked, offer } = await handFedTask();
    expect([offer(0, 3), offer(3, 6), offer(6, 9)]).toEqual(['applied', 'applied', 'applied']);
    expect(asked).toEqual(['pause', 'pause']);
    await world.until(() => task.status.sourceNext === 9);
    expect(asked).toEqual(['pause', 'pause', 'resume']);
  });

  it('is paused while too many bytes wait, however few the records', async () => {
    const { world, task, asked, offer } = await handFedTask({ maxRecords: 1_000, maxBytes: 3 });
    offer(0, 2);
    offer(2, 4);
    expect(asked).toEqual(['pause']);
    await world.until(() => task.status.sourceNext === 4);
    expect(asked).toEqual(['pause', 'resume']);
  });

  it('goes on where it stands when the group joins again, held back or not', async () => {
    const { task, asked, offer } = await handFedTask();
    offer(0, 2);
    task.keep();
    expect(asked).toEqual(['resume at 2']);
    offer(2, 6);
    task.keep();
    expect(asked).toEqual(['resume at 2', 'pause', 'resume at 6', 'pause']);
  });

  it('notices at once when the group joins again that somebody else has written to its changelog', async () => {
    const { world, task } = await handFedTask();
    world.cluster.append(CHANGELOG, [{ key: Buffer.from('foreign'), value: null }]);
    world.cluster.append(CHANGELOG, [{ key: Buffer.from('foreign'), value: null }]);
    task.keep();
    await world.until(() => task.status.state === 'fencing');
  });

  it('waits for what is being fetched while it is behind, and makes one transaction of it', async () => {
    const { world, task, offer, events } = await handFedTask({});
    offer(0, 4);
    await world.pass(100);
    offer(4, 7);
    await world.pass(100);
    offer(7, WORDS.length);
    await world.until(() => task.status.sourceNext === WORDS.length);
    expect(committed(events).map(({ records }) => records)).toEqual([WORDS.length]);
  });

  it('waits no longer than a second for it, and not at all when nothing more is to be read', async () => {
    const { world, task, offer, events } = await handFedTask({});
    offer(0, 4);
    await world.pass(1_000);
    expect(task.status.sourceNext).toBe(4);
    offer(4, WORDS.length);
    await world.pass(60);
    expect(committed(events).map(({ records }) => records)).toEqual([4, WORDS.length - 4]);
  });

  it('closes at once when it is told to while it waits for more', async () => {
    const { world, task, offer, events } = await handFedTask({});
    offer(0, 4);
    await world.pass(50);
    let isClosed = false;
    void task.close().then(() => (isClosed = true));
    await world.pass(2_000);
    expect(isClosed).toBe(true);
    expect(committed(events).map(({ records }) => records)).toEqual([4]);
  });

  it('tells how far it is behind', async () => {
    const { world, task, offer } = await handFedTask();
    offer(0, 4);
    expect(task.status.lag).toBe(10);
    await world.until(() => task.status.sourceNext === 4);
    expect(task.status.lag).toBe(6);
  });
});
