import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs, { type Message } from 'kafkajs';
import { apiAt } from './support/api.js';
import { eventually } from './support/eventually.js';
import { launchStack, sharedInfrastructure, type LaunchedStack } from './support/launched-stack.js';
import { endOffsets, sum } from './support/log-offsets.js';
import { readToEnd } from './support/topic-records.js';

const PREFIX = 'letters-';
const PARTITIONS = 4;
/** Per partition: several transactions of a redrive each. */
const MANY = 250;

/** As the executable starts it; this test has to kill the command itself. */
const NODE_ARGS = ['--disable-warning=TimeoutNegativeWarning'];
/** A broker takes it; with the headers of a letter it would not. */
const LARGE_BYTES = 1_048_450;

/** How each redrive ends, and after how many records more in `reviews`. */
const ENDS = [
  ['SIGKILL', 0],
  ['SIGKILL', 1],
  ['SIGINT', 120],
  ['SIGKILL', 150],
] as const;

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Letter {
  readonly id: string;
  readonly reason: string;
  readonly origin: string;
  readonly redriven: string | null;
  readonly cameBack: number;
}

describe('dead letters', () => {
  let stack: LaunchedStack;

  beforeAll(async () => {
    stack = await launchStack({
      ...sharedInfrastructure(),
      TOPIC_PREFIX: PREFIX,
      FRAUD_PERCENT: '0',
      DEAD_LETTERS_PER_MINUTE: '1000000',
    });
  }, 120_000);

  afterAll(async () => {
    await stack.destroy();
  });

  /** The command as a process of its own. */
  const start = (...args: readonly string[]): ChildProcess => startWith({}, ...args);

  const startWith = (env: Readonly<Record<string, string>>, ...args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [...NODE_ARGS, 'dist/cli/src/main.js', 'dead-letters', ...args], {
      env: { ...process.env, NODE_OPTIONS: '', ...stack.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  const answerOf = async (child: ChildProcess): Promise<Answer> => {
    const said = (stream: ChildProcess['stdout']) => (stream === null ? '' : text(stream));
    const exit = once(child, 'exit') as Promise<[number | null]>;
    const [stdout, stderr, [code]] = await Promise.all([said(child.stdout), said(child.stderr), exit]);
    return { code, stdout, stderr };
  };

  const run = (...args: readonly string[]): Promise<Answer> => answerOf(start(...args));

  const letters = async (): Promise<readonly Letter[]> => {
    const { stdout } = await run('list', '--json', '--limit', '1000000');
    return (JSON.parse(stdout) as { letters: readonly Letter[] }).letters;
  };

  /** Waits until there are so many letters. */
  const lettersWhen = (count: number): Promise<readonly Letter[]> =>
    eventually(async () => {
      const found = await letters();
      expect(found).toHaveLength(count);
      return found;
    }, 60_000);

  const writeToReviews = async (messages: readonly Message[]): Promise<void> => {
    const { kafkaBrokers } = await stack.run();
    const kafka = new kafkajs.Kafka({
      brokers: kafkaBrokers.split(','),
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic: `${PREFIX}reviews`, messages: [...messages] });
    await producer.disconnect();
  };

  /** For each letter sent again, how often it stands in `reviews`. */
  const timesRedriven = async (): Promise<ReadonlyMap<string, number>> => {
    const times = new Map<string, number>();
    for (const { message } of await readToEnd((await stack.run()).kafkaBrokers, `${PREFIX}reviews`)) {
      const from = message.headers?.['redriven-from'];
      if (from === undefined) continue;
      const id = String(from).slice(`${PREFIX}fraud-detector-dead-letters/`.length);
      times.set(id, (times.get(id) ?? 0) + 1);
    }
    return times;
  };

  it('are none at first', async () => {
    expect(await run('list')).toMatchObject({ code: 0, stdout: expect.stringContaining('none') as unknown });
    expect(await run('redrive', '--all')).toMatchObject({ code: 0 });
    expect(await endOffsets(stack, 'reviews')).toEqual([0, 0, 0, 0]);
  }, 60_000);

  it('are made of what cannot be read, listed by reason and shown with their bytes', async () => {
    await writeToReviews([
      { partition: 0, key: 'bread-101', value: Buffer.from([0xff, 0x00, 0x41]), headers: { trace: 'abc' } },
      { partition: 2, key: null, value: 'no Avro' },
      { partition: 2, key: null, value: null },
    ]);
    await writeToReviews([{ partition: 3, key: null, value: Buffer.alloc(LARGE_BYTES, 1) }]);
    const found = await lettersWhen(4);
    expect(found.map(({ id, origin, reason }) => ({ id, origin, reason }))).toContainEqual({
      id: '0/0',
      origin: `${PREFIX}reviews/0/0`,
      reason: 'undecodable',
    });
    const listed = await run('list', '--partition', '2', '--limit', '1');
    expect(listed.stdout).toContain('… and 1 older ones');
    expect(listed.stdout).toContain('Total: 2 (undecodable 2).');
    const shown = await run('show', '0/0');
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stdout).toContain('Header    trace: abc');
    expect(shown.stdout).toMatch(/ff 00 41 +\.\.A/);
    const { stdout } = await run('show', '0/0', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      original: {
        key: { text: 'bread-101' },
        value: { base64: '/wBB' },
        headers: { trace: { text: 'abc' } },
      },
    });
  }, 60_000);

  it('are sent again with bytes and headers, once, and come back when they still cannot be read', async () => {
    const rehearsed = await run('redrive', '0/0', '--dry-run');
    expect(rehearsed.stdout).toContain('0/0  would be redriven');
    expect(await endOffsets(stack, 'reviews')).toEqual([1, 0, 2, 1]);

    expect(await run('redrive', '0/0')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('0/0  redriven') as unknown,
    });
    const returned = (await lettersWhen(5)).find(({ cameBack }) => cameBack === 1);
    expect(returned?.origin).toBe(`${PREFIX}reviews/0/1`);
    const [, again] = (await readToEnd((await stack.run()).kafkaBrokers, `${PREFIX}reviews`)).filter(
      ({ partition }) => partition === 0,
    );
    expect(again?.message).toMatchObject({
      key: Buffer.from('bread-101'),
      value: Buffer.from([0xff, 0x00, 0x41]),
      headers: {
        trace: Buffer.from('abc'),
        'redriven-from': Buffer.from(`${PREFIX}fraud-detector-dead-letters/0/0`),
        'redrive-origin': Buffer.from(`${PREFIX}reviews/0/0`),
      },
    });

    const ends = await endOffsets(stack, 'reviews');
    expect(await run('redrive', '0/0')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('0/0  already redriven') as unknown,
    });
    expect(await endOffsets(stack, 'reviews')).toEqual(ends);
    expect((await letters()).find(({ id }) => id === '0/0')?.redriven).not.toBeNull();
  }, 90_000);

  it('are refused in one sentence when they cannot be sent', async () => {
    const unknown = await run('redrive', '1/17', '9/0', '3/0');
    expect(unknown).toMatchObject({ code: 1, stderr: '3 of them could not be redriven.\n' });
    expect(unknown.stdout).toContain('3/0  cannot be redriven: its original was too large');
    expect(unknown.stdout).toContain('1/17  unknown: there is no such letter');
    expect(await run('show', '1/17')).toMatchObject({ code: 1 });
    const other = await run('redrive', '--all', '--service', 'aggregator');
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('cannot be redriven: its source has a transactional writer already');
    expect(await run('list', '--service', 'aggregator')).toMatchObject({ code: 0 });
    expect(await run('redrive')).toMatchObject({ code: 2 });
    const before = await answerOf(startWith({ TOPIC_PREFIX: 'never-set-up-' }, 'list'));
    expect(before.code).toBe(1);
    expect(before.stderr).toContain(
      'never-set-up-fraud-detector-redrives. "npx reviews setup" makes missing topics',
    );
    expect(before.stderr.trim().split('\n')).toHaveLength(1);
  }, 90_000);

  it('are each sent again exactly once by redrives that are killed, at any time, and repeated', async () => {
    const before = await letters();
    const garbage = Array.from({ length: PARTITIONS * MANY }, (_, index) => ({
      partition: index % PARTITIONS,
      key: null,
      value: `garbage ${index}`,
    }));
    await writeToReviews(garbage);
    const all = await lettersWhen(before.length + garbage.length);
    const due = all.filter(({ id, cameBack }) => cameBack === 0 && id !== '3/0').map(({ id }) => id);

    let killed = 0;
    for (const [signal, records] of ENDS) {
      const end = sum(await endOffsets(stack, 'reviews'));
      const child = start('redrive', '--all');
      const ended = answerOf(child);
      await eventually(async () => {
        if (child.exitCode === null)
          expect(sum(await endOffsets(stack, 'reviews'))).toBeGreaterThanOrEqual(end + records);
      });
      child.kill(signal);
      const { code, stderr } = await ended;
      if (code === null) killed += 1;
      // Somebody who presses Ctrl-C is told how to go on; what was under way is finished, not left open.
      if (code === 1) expect(stderr).toBe('Interrupted. Run the same command again for the rest.\n');
    }
    const last = await run('redrive', '--all', '--json');
    expect(last).toMatchObject({ code: 0 });
    const { redriven } = JSON.parse(last.stdout) as { redriven: readonly string[] };
    process.stdout.write(
      `Killed ${killed} times; ${redriven.length} of ${due.length} were left to the last run\n`,
    );

    expect(await timesRedriven()).toEqual(new Map(due.map((id) => [id, 1])));
    // As many came back: the fraud-detector, too, has read each of them once.
    const returned = (await lettersWhen(all.length + garbage.length + 2)).filter(
      ({ cameBack }) => cameBack > 0,
    );
    expect(returned).toHaveLength(due.length);
  }, 240_000);

  it('are each sent again exactly once by two redrives at the same time', async () => {
    const returned = (await letters()).filter(({ cameBack, redriven }) => cameBack > 0 && redriven === null);
    const both = await Promise.all([
      run('redrive', '--all', '--returned'),
      run('redrive', '--all', '--returned'),
    ]);
    expect(both.map(({ stderr }) => stderr).join('')).not.toContain(' at ');
    const ids = returned.map(({ id }) => id);
    await run('redrive', ...ids.slice(0, 1_100));
    const times = await timesRedriven();
    expect(ids.filter((id) => times.get(id) !== 1)).toEqual([]);
    expect([...times.values()].filter((count) => count !== 1)).toEqual([]);
  }, 120_000);

  it('do not keep a review from being counted', async () => {
    const { body } = await apiAt(stack.url).submit('bread-101', { userId: 'ada', rating: 4.5 });
    const { body: statistics } = await apiAt(stack.url).statistics('bread-101', body.position);
    expect(statistics.allTime.count).toBe(1);
  }, 60_000);
});
