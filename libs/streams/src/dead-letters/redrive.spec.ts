import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { offsetOf } from '../offset.js';
import type { StreamRecord } from '../records.js';
import { InMemoryLog, type Fault, type FaultPlan } from '../testing/index.js';
import { toDeadLetterRecord } from './dead-letter.js';
import type { DeadLetterLog } from './dead-letter-log.js';
import { readDeadLetters, type ListedLetter } from './read-dead-letters.js';
import { redriveLetters, type RedriveOutcome, type RedriveRequest } from './redrive.js';
import { toRedriveRecord } from './redrive-record.js';

const SOURCE = { topic: 'words', partition: 1 };
const LETTERS = { topic: 'word-count-dead-letters', partition: 1 };
const REDRIVES = { topic: 'word-count-redrives', partition: 1 };
const TOPICS = {
  applicationId: 'word-count',
  deadLetters: LETTERS.topic,
  redrive: { source: SOURCE.topic, redrives: REDRIVES.topic },
};
const POISON = ['!0', '!1', '!2', '!3', '!4'];
const FAULTS: readonly Exclude<Fault, 'none'>[] = [
  'request lost',
  'response lost',
  'killed before',
  'killed after',
];

const poison = (word: string, changes: Partial<StreamRecord> = {}): StreamRecord => ({
  offset: offsetOf(100 + Number(word.slice(1))),
  key: Buffer.from('key'),
  value: Buffer.from(word),
  appendTimeMs: 7,
  headers: { trace: Buffer.from(word) },
  ...changes,
});

const bury = (log: InMemoryLog, ...records: readonly StreamRecord[]): void => {
  for (const record of records)
    log.append(LETTERS, toDeadLetterRecord(SOURCE, record, 'undecodable', new Error('exclamation mark')));
};

const logWith = (words: readonly string[]): InMemoryLog => {
  const log = new InMemoryLog();
  bury(log, ...words.map((word) => poison(word)));
  return log;
};

const wordsIn = (log: InMemoryLog): readonly string[] =>
  log.committed(SOURCE).map(({ value }) => String(value));

/** What a process sees of the log. */
const seenBy = (log: InMemoryLog, faults?: FaultPlan): DeadLetterLog => {
  const seen = log.asSeenBy(faults);
  return {
    fence: (transactionalId) => seen.fence(transactionalId),
    offsetsOf: (partition) => seen.offsetsOf(partition),
    async read(source, { from, end }, onRecords) {
      const found: StreamRecord[] = [];
      await seen.readChangelog(source, { from, until: offsetOf(end - 1) }, (records) =>
        found.push(...records),
      );
      await onRecords(found.filter(({ offset }) => offset < end));
    },
  };
};

interface Run {
  readonly outcomes: ReadonlyMap<number, RedriveOutcome>;
  readonly end: 'done' | 'killed' | { readonly failed: unknown };
}

/** One process that redrives, until it is done, has failed or is killed. */
const run = async (
  log: InMemoryLog,
  faultOf: FaultPlan = () => 'none',
  request: Partial<RedriveRequest> = {},
): Promise<Run> => {
  const outcomes = new Map<number, RedriveOutcome>();
  let kill: (end: 'killed') => void = () => undefined;
  const killed = new Promise<'killed'>((resolve) => (kill = resolve));
  let isDead = false;
  const faults: FaultPlan = (doing) => {
    const fault = isDead ? 'killed before' : faultOf(doing);
    isDead ||= fault.startsWith('killed');
    // What a last call does takes effect before anybody else notices.
    if (isDead) setImmediate(kill, 'killed');
    return fault;
  };
  const done = redriveLetters(seenBy(log, faults), {
    topics: TOPICS,
    partition: LETTERS.partition,
    wants: () => true,
    onOutcome: ({ offset }, outcome) => outcomes.set(offset, outcome),
    lettersPerTransaction: 2,
    retryMs: 0,
    ...request,
  }).then(
    () => 'done' as const,
    (failed: unknown) => ({ failed }),
  );
  return { end: await Promise.race([done, killed]), outcomes };
};

/** Suffers one fault, at the n-th call. */
const faultAt = (n: number, fault: Fault): FaultPlan => {
  let calls = 0;
  return () => (calls++ === n ? fault : 'none');
};

const callsOf = async (log: InMemoryLog): Promise<number> => {
  let calls = 0;
  await run(log, () => {
    calls += 1;
    return 'none';
  });
  return calls;
};

const listed = async (log: InMemoryLog): Promise<readonly ListedLetter[]> => {
  const letters: ListedLetter[] = [];
  await readDeadLetters(seenBy(log), TOPICS, LETTERS.partition, (letter) => letters.push(letter));
  return letters;
};

describe('a redrive', () => {
  it('sends the original bytes and headers to the partition they came from, and says which letter they were', async () => {
    const log = logWith(['!0']);
    expect((await run(log)).outcomes).toEqual(new Map([[0, 'redriven']]));
    expect(log.committed(SOURCE)).toMatchObject([
      {
        key: Buffer.from('key'),
        value: Buffer.from('!0'),
        headers: {
          trace: Buffer.from('!0'),
          'redriven-from': Buffer.from('word-count-dead-letters/1/0'),
          'redrive-origin': Buffer.from('words/1/1'),
        },
      },
    ]);
  });

  it('changes nothing the second time', async () => {
    const log = logWith(POISON);
    await run(log);
    const { outcomes } = await run(log);
    expect(wordsIn(log)).toEqual(POISON);
    expect([...outcomes.values()]).toEqual(POISON.map(() => 'already-redriven'));
  });

  it('sends each letter exactly once, whatever happens to whichever of its calls', async () => {
    const calls = await callsOf(logWith(POISON));
    expect(calls).toBeGreaterThan(15);
    for (const fault of FAULTS)
      for (let n = 0; n < calls; n++) {
        const log = logWith(POISON);
        const first = await run(log, faultAt(n, fault));
        const isLost = fault.endsWith('lost');
        expect([fault, n, first.end]).toEqual([fault, n, isLost ? 'done' : 'killed']);
        // What it says it did is what it did.
        if (isLost) expect([...first.outcomes.values()]).toEqual(POISON.map(() => 'redriven'));
        expect((await run(log)).end).toBe('done');
        expect([fault, n, wordsIn(log)]).toEqual([fault, n, POISON]);
      }
  }, 30_000);

  it('sends each letter exactly once over many runs with any faults', async () => {
    const fault = fc.constantFrom<Fault>('none', 'none', 'none', 'none', ...FAULTS);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fault, { maxLength: 40 }), { maxLength: 4 }), async (lives) => {
        const log = logWith(POISON);
        for (const faults of lives) {
          const left = [...faults];
          await run(log, () => left.shift() ?? 'none');
          const words = wordsIn(log);
          expect(words).toEqual(POISON.slice(0, words.length));
        }
        await run(log);
        expect(wordsIn(log)).toEqual(POISON);
      }),
    );
  }, 30_000);

  it('gives way to a newer one, and together they send each letter exactly once', async () => {
    const log = logWith(POISON);
    const both = await Promise.all([run(log), run(log)]);
    expect(both.map(({ end }) => end)).toContainEqual({
      failed: expect.objectContaining({
        code: 'FENCED',
        message: expect.stringContaining('A newer redrive of word-count-dead-letters/1 took over') as unknown,
      }) as unknown,
    });
    await run(log);
    expect(wordsIn(log)).toEqual(POISON);
  });

  it('gives up after five attempts that brought nothing, with the last reason', async () => {
    const log = logWith(POISON);
    let attempts = 0;
    const { end } = await run(log, (doing) => {
      if (doing === 'fence') attempts += 1;
      return doing === 'commit' ? 'request lost' : 'none';
    });
    expect(end).toMatchObject({ failed: { code: 'TRANSIENT', message: 'commit: the request was lost' } });
    expect(attempts).toBe(5);
    expect(log.openWriters).toBe(0);
  });

  it('takes over nothing when compaction has taken its barrier: a newer one is there', async () => {
    const log = logWith(POISON);
    const seen = seenBy(log);
    const compacted: DeadLetterLog = {
      ...seen,
      read: (source, range, onRecords) =>
        seen.read(source, range, (records) =>
          onRecords(source.topic === REDRIVES.topic ? records.slice(1) : records),
        ),
    };
    await expect(
      redriveLetters(compacted, {
        topics: TOPICS,
        partition: 1,
        wants: () => true,
        onOutcome: () => undefined,
      }),
    ).rejects.toMatchObject({ code: 'FENCED' });
    expect(wordsIn(log)).toEqual([]);
  });

  it('leaves letters that came back while it runs, over all its attempts, or it would never end', async () => {
    const log = logWith(['!0', '!1']);
    let commits = 0;
    const loseThirdAnswer: FaultPlan = (doing) =>
      doing === 'commit' && ++commits === 3 ? 'response lost' : 'none';
    await run(log, loseThirdAnswer, {
      lettersPerTransaction: 1,
      onOutcome: () => {
        bury(log, ...log.committed(SOURCE).slice(-1));
      },
    });
    expect(wordsIn(log)).toEqual(['!0', '!1']);
    expect(log.committed(LETTERS)).toHaveLength(4);
  });

  it('sends only what is asked for, and knows what came back', async () => {
    const log = logWith(['!0', '!1', '!2']);
    await run(log, undefined, { wants: ({ offset }) => offset === 1 });
    bury(log, ...log.committed(SOURCE));
    const { outcomes } = await run(log, undefined, { wants: (_, cameBack) => !cameBack });
    expect(outcomes).toEqual(
      new Map([
        [0, 'redriven'],
        [1, 'already-redriven'],
        [2, 'redriven'],
      ]),
    );
  });

  it('stops after the transaction under way when told to', async () => {
    const log = logWith(POISON);
    const stop = new AbortController();
    const { end } = await run(log, undefined, {
      signal: stop.signal,
      onOutcome: () => {
        stop.abort();
      },
    });
    expect(end).toBe('done');
    expect(wordsIn(log)).toEqual(POISON.slice(0, 2));
  });

  it('refuses what it could not send exactly once', async () => {
    const log = new InMemoryLog();
    log.append(
      LETTERS,
      toDeadLetterRecord({ ...SOURCE, partition: 2 }, poison('!0'), 'undecodable', ''),
      toDeadLetterRecord(SOURCE, poison('!1', { value: Buffer.alloc(2_000_000) }), 'undecodable', ''),
      toDeadLetterRecord(SOURCE, poison('!2', { key: Buffer.alloc(4) }), 'undecodable', ''),
      { key: null, value: Buffer.from('no letter') },
    );
    const { outcomes } = await run(log);
    expect([...outcomes.values()]).toEqual(['foreign-origin', 'not-copied', 'marker-key']);
    expect((await listed(log)).map(({ refusal }) => refusal)).toEqual([...outcomes.values()]);
    expect(wordsIn(log)).toEqual([]);
  });

  it('does not take a letter for an older one of a dead-letter topic that was made anew', async () => {
    const log = logWith(['!0']);
    const marker = { kind: 'redriven', letter: offsetOf(0), origin: offsetOf(3), run: 'older' } as const;
    log.append(REDRIVES, toRedriveRecord(marker));
    await run(log);
    expect(wordsIn(log)).toEqual(['!0']);
  });

  it('stops at a marker that no redrive wrote', async () => {
    const log = logWith(['!0']);
    log.append(REDRIVES, { key: Buffer.from('0'), value: Buffer.from('{}') });
    expect((await run(log)).end).toMatchObject({ failed: { code: 'IMPOSSIBLE_RECORD' } });
  });
});

describe('the letters of a partition', () => {
  it('are listed with whether they were sent again and how often they came back', async () => {
    const log = logWith(['!0', '!1']);
    for (let time = 0; time < 2; time++) {
      await run(log, undefined, { wants: ({ original }) => String(original.value) === '!1' });
      bury(log, ...log.committed(SOURCE).slice(-1));
    }
    expect(
      (await listed(log)).map(({ letter, redriven, cameBack }) => [
        String(letter.original.value),
        redriven !== undefined,
        cameBack,
      ]),
    ).toEqual([
      ['!0', false, 0],
      ['!1', true, 0],
      ['!1', true, 1],
      ['!1', false, 2],
    ]);
  });

  it('are told from records that somebody else wrote', async () => {
    const log = logWith(['!0']);
    log.append(LETTERS, { key: null, value: Buffer.from('no letter') });
    const letters: ListedLetter[] = [];
    expect(await readDeadLetters(seenBy(log), TOPICS, 1, (letter) => letters.push(letter))).toBe(1);
    expect(letters).toHaveLength(1);
  });

  it('can be looked at one by one', async () => {
    const letters: ListedLetter[] = [];
    const only = { from: offsetOf(1), end: offsetOf(2) };
    await readDeadLetters(seenBy(logWith(POISON)), TOPICS, 1, (letter) => letters.push(letter), only);
    expect(letters.map(({ letter }) => letter.offset)).toEqual([1]);
  });

  it('are listed for a service that cannot redrive', async () => {
    const letters: ListedLetter[] = [];
    const topics = { ...TOPICS, redrive: undefined };
    await readDeadLetters(seenBy(logWith(POISON)), topics, 1, (letter) => letters.push(letter));
    expect(letters).toHaveLength(POISON.length);
    await expect(
      redriveLetters(seenBy(new InMemoryLog()), {
        topics,
        partition: 1,
        wants: () => true,
        onOutcome: () => undefined,
      }),
    ).rejects.toMatchObject({ code: 'FATAL' });
  });
});
