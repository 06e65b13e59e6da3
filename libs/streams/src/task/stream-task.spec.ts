import { afterEach, describe, expect, it } from '@jest/globals';
import type { StreamRecord } from '../records.js';
import { StreamsError } from '../streams-error.js';
import { InMemoryLog, inMemoryProcess, type Fault, type InMemoryProcess } from '../testing/index.js';
import type { ServiceDefinition } from './service-definition.js';

const WORDS = ['a', 'b', 'a', 'c', 'b', 'a', 'a', 'd', 'c', 'a'];
const SOURCE = { topic: 'words', partition: 0 };
const COUNTS = { topic: 'counts', partition: 0 };

const stores = {
  counts: {
    name: 'counts',
    codec: {
      encode: (count: number) => Buffer.from(String(count)),
      decode: (bytes: Buffer) => Number(bytes.toString()),
    },
  },
};

/** Writes, for each word, how often it came so far; `!` is poison and `?` something only we could have written. */
const wordCount: ServiceDefinition<typeof stores, { readonly total: number }> = {
  applicationId: 'word-count',
  source: 'words',
  changelog: 'word-count-changelog',
  deadLetters: 'word-count-dead-letters',
  outputs: ['counts', 'receipts'],
  stores,
  tickIntervalMs: 60_000,
  logicOf: ({ stores: { counts } }) => ({
    process(records, context) {
      for (const record of records) {
        const word = String(record.value);
        if (word === '?') throw new StreamsError('IMPOSSIBLE_RECORD', 'we never write that');
        if (word === '!') {
          context.deadLetter(record, 'poison', new Error('exclamation mark'));
          continue;
        }
        const count = (counts.get(word) ?? 0) + 1;
        counts.put(word, count);
        context.emit('counts', { key: Buffer.from(word), value: Buffer.from(String(count)) });
      }
      context.setPartitionState({ total: (context.partitionState()?.total ?? 0) + records.length });
    },
  }),
  receipt: ({ sourceNext, partitionState }) => ({
    topic: 'receipts',
    record: { key: Buffer.from('0'), value: Buffer.from(`${sourceNext}:${partitionState?.total ?? 0}`) },
  }),
};

const running = new Set<InMemoryProcess>();
const started: typeof inMemoryProcess = (...args) => {
  const process = inMemoryProcess(...args);
  running.add(process);
  return process;
};
// A task that is never closed would tick for ever; one that waits for a dead broker cannot be closed.
afterEach(async () => {
  for (const process of running) {
    process.kill();
    await Promise.race([process.close(), new Promise((later) => setTimeout(later, 50))]);
  }
  running.clear();
});

const logWith = (words: readonly string[]): InMemoryLog => {
  const log = new InMemoryLog();
  for (const word of words) log.append(SOURCE, { key: null, value: Buffer.from(word) });
  return log;
};

const textOf = ({ key, value }: StreamRecord): string => `${String(key)}=${String(value)}`;
const countsIn = (log: InMemoryLog): readonly string[] => log.committed(COUNTS).map(textOf);
const lastReceipt = (log: InMemoryLog): string | undefined =>
  log
    .committed({ topic: 'receipts', partition: 0 })
    .map((record) => String(record.value))
    .at(-1);

const until = async (isDone: () => boolean): Promise<void> => {
  for (let i = 0; i < 2_000 && !isDone(); i++) await new Promise((later) => setTimeout(later, 5));
  expect(isDone()).toBe(true);
};
const hasHandled = (process: InMemoryProcess, words: number) => () => process.status.sourceNext === words;

const EXPECTED = ['a=1', 'b=1', 'a=2', 'c=1', 'b=2', 'a=3', 'a=4', 'd=1', 'c=2', 'a=5'];

/** Runs the words with one fault at one call; a killed process is followed by another. Returns how many calls there were. */
const runWithFault = async (log: InMemoryLog, faultyCall: number, fault: Fault): Promise<number> => {
  let calls = 0;
  const isKill = fault.startsWith('killed');
  let isDead = false;
  const first = started(log, wordCount, 0, {
    batchRecords: 3,
    faults: () => {
      const isFaulty = calls++ === faultyCall;
      isDead ||= isFaulty && isKill;
      return isFaulty ? fault : 'none';
    },
  });
  const wasKilled = (): boolean => isDead;
  await until(() => wasKilled() || hasHandled(first, WORDS.length)());
  if (!wasKilled()) {
    await first.close();
    return calls;
  }
  first.kill();
  const second = started(log, wordCount, 0, { batchRecords: 3 });
  await until(hasHandled(second, WORDS.length));
  await second.close();
  return calls;
};

describe('a task', () => {
  it('writes every output once when nothing fails', async () => {
    const log = logWith(WORDS);
    await runWithFault(log, -1, 'none');
    expect(countsIn(log)).toEqual(EXPECTED);
    expect(lastReceipt(log)).toBe('10:10');
  });

  it.each<Fault>(['request lost', 'response lost', 'killed before', 'killed after'])(
    'writes every output once when any one of its calls is %s',
    async (fault) => {
      const calls = await runWithFault(logWith(WORDS), -1, 'none');
      expect(calls).toBeGreaterThan(30);
      await Promise.all(
        Array.from({ length: calls }, async (_, faultyCall) => {
          const log = logWith(WORDS);
          await runWithFault(log, faultyCall, fault);
          expect({ faultyCall, counts: countsIn(log) }).toEqual({ faultyCall, counts: EXPECTED });
          expect(lastReceipt(log)).toBe('10:10');
          // A response lost by the fence itself leaves nobody to discard what the broker made.
          if (fault === 'request lost') expect(log.openWriters).toBe(0);
        }),
      );
    },
    30_000,
  );

  it('writes a changed entry to its changelog once', async () => {
    const log = logWith(WORDS);
    const process = started(log, wordCount, 0, { batchRecords: 1 });
    await until(hasHandled(process, WORDS.length));
    await process.close();
    const entries = log
      .committed({ topic: 'word-count-changelog', partition: 0 })
      .filter(({ key }) => String(key).startsWith('s'));
    expect(entries).toHaveLength(WORDS.length);
  });

  it('goes on where it stood after a clean restart', async () => {
    const log = logWith(WORDS.slice(0, 4));
    const first = started(log, wordCount, 0);
    await until(hasHandled(first, 4));
    await first.close();
    for (const word of WORDS.slice(4)) log.append(SOURCE, { key: null, value: Buffer.from(word) });
    const second = started(log, wordCount, 0);
    await until(hasHandled(second, WORDS.length));
    await second.close();
    expect(countsIn(log)).toEqual(EXPECTED);
  });

  it('lets a zombie change nothing: a second owner fences the first', async () => {
    const log = logWith(WORDS.slice(0, 4));
    const first = started(log, wordCount, 0);
    await until(hasHandled(first, 4));
    const second = started(log, wordCount, 0);
    await until(hasHandled(second, 4));
    for (const word of WORDS.slice(4)) log.append(SOURCE, { key: null, value: Buffer.from(word) });
    await until(() => countsIn(log).length >= WORDS.length);
    await Promise.all([first.close(), second.close()]);
    expect(countsIn(log)).toEqual(EXPECTED);
  });

  it('sets poison aside with its bytes and its origin, and goes on', async () => {
    const log = logWith(['a', '!', 'b']);
    const process = started(log, wordCount, 0);
    await until(hasHandled(process, 3));
    await process.close();
    expect(countsIn(log)).toEqual(['a=1', 'b=1']);
    const [letter] = log.committed({ topic: 'word-count-dead-letters', partition: 0 });
    expect(String(letter?.value)).toBe('!');
    expect(Object.fromEntries(Object.entries(letter?.headers ?? {}).map(([k, v]) => [k, String(v)]))).toEqual(
      {
        topic: 'words',
        partition: '0',
        offset: '1',
        reason: 'poison',
        error: 'exclamation mark',
      },
    );
  });

  it('is quarantined by a record only we could have written, and writes nothing of that transaction', async () => {
    const log = logWith(['a', '?', 'b']);
    const process = started(log, wordCount, 0);
    await until(() => process.status.state === 'quarantined');
    expect(countsIn(log)).toEqual([]);
    expect(process.fatal).toBeUndefined();
    await process.close();
  });

  it('asks for nothing more once it is quarantined', async () => {
    const log = logWith(['?']);
    let offered = 0;
    const process = started(log, wordCount, 0, {
      onOffer: () => {
        offered += 1;
      },
    });
    await until(() => process.status.state === 'quarantined');
    const before = offered;
    await new Promise((later) => setTimeout(later, 50));
    expect(offered).toBe(before);
  });

  it('waits longer and longer while every transaction fails, although acquiring works', async () => {
    let commits = 0;
    const log = logWith(WORDS);
    started(log, wordCount, 0, {
      faults: (doing) => {
        if (doing !== 'send to counts') return 'none';
        commits += 1;
        return 'request lost';
      },
    });
    await new Promise((later) => setTimeout(later, 1_000));
    //  100 ms, 200 ms, 400 ms …
    expect(commits).toBeGreaterThan(1);
    expect(commits).toBeLessThan(6);
  });

  it('is quarantined when it cannot read its own state', async () => {
    const log = logWith(WORDS);
    const first = started(log, wordCount, 0);
    await until(hasHandled(first, WORDS.length));
    await first.close();
    const unreadable = {
      counts: {
        ...stores.counts,
        codec: {
          ...stores.counts.codec,
          decode: (): number => {
            throw new Error('another format');
          },
        },
      },
    };
    const process = started(log, { ...wordCount, stores: unreadable }, 0);
    await until(() => process.status.state === 'quarantined');
    expect(process.fatal).toBeUndefined();
  });

  it('refuses to start when its outputs have records and its changelog knows no position', async () => {
    const log = logWith(['a']);
    log.append(COUNTS, { key: Buffer.from('a'), value: Buffer.from('1') });
    const process = started(log, wordCount, 0);
    await until(() => process.fatal !== undefined);
    expect(process.fatal?.code).toBe('SOURCE_TRUNCATED');
    expect(process.fatal?.message).toContain('the changelog was lost');
  });

  it('refuses to start when its position lies beyond the end of its source', async () => {
    const log = logWith(WORDS);
    const first = started(log, wordCount, 0);
    await until(hasHandled(first, WORDS.length));
    await first.close();
    const process = started(log, { ...wordCount, source: 'other-words' }, 0);
    await until(() => process.fatal !== undefined);
    expect(process.fatal?.message).toContain('other-words/0 holds offsets 0 to 0, but 10 is next');
  });

  it('fetches again when a batch does not begin where the last one ended', async () => {
    const log = logWith(WORDS);
    const process = started(log, wordCount, 0, { batchRecords: 3, lateBatches: 1 });
    await until(hasHandled(process, WORDS.length));
    await process.close();
    expect(countsIn(log)).toEqual(EXPECTED);
  });

  it('is quarantined when records stay missing from its source', async () => {
    const log = logWith(WORDS);
    const process = started(log, wordCount, 0, { batchRecords: 3, lateBatches: 2 });
    await until(() => process.status.state === 'quarantined');
    await process.close();
    expect(countsIn(log)).toEqual([]);
  });

  it('asks for the broker time when it starts idle', async () => {
    const ticks: number[] = [];
    const log = new InMemoryLog();
    log.nowMs = 1_234;
    const process = started(
      log,
      {
        ...wordCount,
        logicOf: () => ({
          process: () => undefined,
          tick(brokerTimeMs) {
            ticks.push(brokerTimeMs);
          },
        }),
      },
      0,
    );
    await until(() => ticks.length > 0);
    await process.close();
    expect(ticks).toEqual([1_234]);
  });
});
