import { describe, expect, it } from '@jest/globals';
import { reviewIdOf, type ReviewFactRecord, type ReviewHeldRecord } from '@reviews/contracts';
import {
  hashFraudDetector,
  type CourseId,
  type FraudDetector,
  type ReviewCommand,
  type UserId,
} from '@reviews/domain';
import type { OutputRecord } from '@reviews/streams';
import {
  bytesOf,
  facts,
  fraudDetectorDriver,
  holds,
  submit,
  withdraw,
  type FraudDetectorDriver,
} from './testing/commands.js';

const DAY_MS = 86_400_000;
const TODAY = 20_000;
const NOON_MS = TODAY * DAY_MS + DAY_MS / 2;

/**
 * Holds whatever says `spam`, or names those who withdrew on the course in their order; at `raid` holds the one who wrote before
 * on the course, too, whom `forget` makes it forget.
 */
const spamDetector: FraudDetector = {
  name: 'spam',
  assess: ({ content, userId }, memory) => {
    const detector = { score: 0, detectorName: 'spam', detectorVersion: '1' };
    const held = { kind: 'held' as const, reasons: ['spam'], ...detector };
    const previous = memory.get('previous');
    if (content === 'forget') memory.delete('previous');
    else memory.put('previous', Buffer.from(userId));
    const withdrawn = Buffer.from(memory.get('withdrawn') ?? []).toString();
    return {
      verdict:
        content !== null && ['spam', 'raid', withdrawn].includes(content)
          ? held
          : { kind: 'valid', ...detector },
      alsoHold:
        content === 'raid' && previous !== undefined
          ? [{ userId: Buffer.from(previous).toString() as UserId, verdict: held }]
          : [],
    };
  },
  withdraw(userId, memory) {
    memory.put(
      'withdrawn',
      Buffer.concat([memory.get('withdrawn') ?? Buffer.of(), Buffer.from(`/${userId}`)]),
    );
  },
};

interface Fixture {
  readonly driver: FraudDetectorDriver;
  /** Handles commands in one transaction; returns a line for each record written. */
  readonly pipe: (...commands: readonly (ReviewCommand | Buffer)[]) => readonly string[];
  /** Handles a command that says that it stood at an offset before it was a dead letter. */
  readonly redrive: (command: ReviewCommand, from: number) => readonly string[];
  readonly tick: (timeMs: number) => readonly string[];
  readonly memoryKeys: () => readonly string[];
}

const fixture = (): Fixture => {
  const driver = fraudDetectorDriver(spamDetector);
  driver.nowMs = NOON_MS;

  const told = (outputs: ReadonlyMap<string, readonly OutputRecord[]>): readonly string[] => {
    const valid = outputs.get('valid') ?? [];
    const fraud = outputs.get('fraud') ?? [];
    return [
      ...valid.map(({ value }) => factLine(facts.decode(value))),
      ...fraud.map(({ value }) => holdLine(holds.decode(value))),
      ...(outputs.get('dead-letters') ?? []).map(
        ({ headers }) => `dead letter: ${String(headers?.['dead-letter-error'])}`,
      ),
    ];
  };
  return {
    driver,
    pipe: (...values) =>
      told(driver.pipe(...values.map((value) => (Buffer.isBuffer(value) ? value : bytesOf(value))))),
    redrive(command, from) {
      const headers = { 'redrive-origin': Buffer.from(`reviews/0/${from}`) };
      return told(driver.pipe({ value: bytesOf(command), headers }));
    },
    tick: (timeMs) => told(driver.tick(timeMs)),
    memoryKeys: () => [...driver.stores.memory.entries()].map(([key]) => key),
  };
};

const stars = (review: { halfStars: number } | null): string =>
  review === null ? '–' : String(review.halfStars);
const causeOf = (record: { causeOffset: number; causeOrdinal: number }): string =>
  `${record.causeOffset}.${record.causeOrdinal}`;
const factLine = (fact: ReviewFactRecord): string => {
  switch (fact.kind) {
    case 'review_changed':
      return `${causeOf(fact)} ${String(fact.userId)} ${stars(fact.before)} → ${stars(fact.after)}`;
    case 'day_started':
      return `${causeOf(fact)} day ${String(fact.day)}`;
    case 'progress':
    case 'unknown':
      return `${causeOf(fact)} ${fact.kind}`;
  }
};
const holdLine = (hold: ReviewHeldRecord): string =>
  `${causeOf(hold)} held ${hold.userId} ${stars(hold.before)} → ${stars(hold.after)}` +
  (hold.textOffset === null ? '' : `, text at ${hold.textOffset}`);

describe('the fraud-detector', () => {
  it('starts the day before the first fact of it, once', () => {
    const { pipe } = fixture();
    expect(pipe(submit('ann', 4))).toEqual(['-1.0 day 20000', '0.0 ann – → 8']);
    expect(pipe(submit('bob', 3))).toEqual(['1.0 bob – → 6']);
  });

  it('starts a later day by the append time of a command, and never goes back', () => {
    const { driver, pipe } = fixture();
    pipe(submit('ann', 4));
    driver.nowMs = NOON_MS + 3 * DAY_MS;
    expect(pipe(submit('bob', 3))).toEqual(['0.1 day 20003', '1.0 bob – → 6']);
    driver.nowMs = NOON_MS;
    expect(pipe(submit('cid', 3))).toEqual(['2.0 cid – → 6']);
  });

  it('starts the day by the broker time when it is idle', () => {
    const { pipe, tick } = fixture();
    expect(tick(NOON_MS)).toEqual(['-1.0 day 20000']);
    expect(tick(NOON_MS + 1)).toEqual([]);
    pipe(submit('ann', 4));
    expect(tick(NOON_MS + DAY_MS)).toEqual(['0.1 day 20001']);
  });

  it('ends a transaction with progress when its last command made no valid fact', () => {
    const { pipe } = fixture();
    pipe(submit('ann', 4));
    expect(pipe(submit('bob', 4), withdraw('nobody'))).toEqual(['1.0 bob – → 8', '2.0 progress']);
    expect(pipe(withdraw('nobody'), submit('cid', 4))).toEqual(['4.0 cid – → 8']);
  });

  it('keeps a held review out of the valid ones, and still covers its command', () => {
    const { pipe } = fixture();
    expect(pipe(submit('ann', 5, 'spam'))).toEqual(['-1.0 day 20000', '0.1 progress', '0.0 held ann – → 10']);
  });

  it('moves a review between the topics when an edit changes its verdict, both ways', () => {
    const { pipe } = fixture();
    pipe(submit('ann', 5, 'fine'));
    expect(pipe(submit('ann', 4, 'spam'))).toEqual(['1.0 ann 10 → –', '1.1 held ann – → 8']);
    expect(pipe(submit('ann', 3, 'sorry'))).toEqual(['2.0 ann – → 6', '2.1 held ann 8 → –']);
  });

  it('holds an earlier review when the detector says so, in the name of the command that told', () => {
    const { pipe } = fixture();
    pipe(submit('ann', 5, 'fine'));
    expect(pipe(submit('bob', 4, 'raid'))).toEqual([
      '1.1 ann 10 → –',
      '1.0 held bob – → 8',
      '1.2 held ann – → 10, text at 0',
    ]);
    expect(pipe(submit('ann', 3, 'sorry'))).toEqual(['2.0 ann – → 6', '2.1 held ann 10 → –']);
  });

  it('leaves an earlier review as it is when it was withdrawn meanwhile, or is held already', () => {
    const { pipe } = fixture();
    pipe(submit('ann', 5, 'fine'), withdraw('ann'));
    expect(pipe(submit('bob', 4, 'raid'))).toEqual(['2.1 progress', '2.0 held bob – → 8']);
    expect(pipe(submit('cid', 4, 'raid'))).toEqual(['3.1 progress', '3.0 held cid – → 8']);
  });

  it('tells the detector of each withdrawal that takes a review back, valid or held, and of no other', () => {
    const { pipe } = fixture();
    pipe(submit('ann', 5, 'fine'), submit('bob', 5, 'spam'), submit('cid', 5, 'fine'));
    const retried = withdraw('ann');
    pipe(retried, withdraw('bob'), withdraw('nobody'), retried, withdraw('ann'));
    expect(pipe(submit('dan', 4, '/ann/bob'))).toEqual(['8.1 progress', '8.0 held dan – → 8']);
  });

  it('keeps what the detector remembers of a course over a restart, apart from other courses', () => {
    const { driver, pipe } = fixture();
    pipe(submit('ann', 5, 'fine'));
    driver.restart();
    const elsewhere = { ...submit('bob', 4, 'raid'), courseId: 'elsewhere' as CourseId };
    const [first] = pipe({ ...elsewhere, reviewId: reviewIdOf(elsewhere.courseId, elsewhere.userId) });
    expect(first).toBe('1.1 progress');
    expect(pipe(submit('cid', 4, 'raid'))).toContain('2.1 ann 10 → –');
  });

  it('makes nothing of a dead letter sent again when its review has moved on, and what it says otherwise', () => {
    const { driver, pipe, redrive } = fixture();
    driver.nextOffset = 10;
    pipe(submit('ann', 4));
    expect(redrive(submit('ann', 1), 9)).toEqual(['11.0 progress']);
    expect(redrive(submit('ann', 1), 10)).toEqual(['12.0 ann 8 → 2']);
    // Whoever names a place to come is no redrive.
    expect(redrive(submit('ann', 5), 999_999)).toEqual(['13.0 ann 2 → 10']);
    expect(redrive(submit('ann', 1), 11)).toEqual(['14.0 progress']);
  });

  it('keeps what one detector remembers apart from others, and forgets what a detector forgets', () => {
    const { driver, pipe, memoryKeys } = fixture();
    pipe(submit('ann', 5, 'fine'));
    expect(memoryKeys()).toEqual(['course/spam/previous']);
    driver.restart();
    pipe(submit('bob', 5, 'forget'));
    expect(memoryKeys()).toEqual([]);
  });

  it('reads a command in whatever form a client may write it', () => {
    const { pipe } = fixture();
    pipe(submit('ann', 4, 'fine'));
    const plain = bytesOf(submit('bob', 5, 'spam'));
    // The kind, a number, in two bytes instead of one.
    const other = Buffer.concat([plain.subarray(0, 5), Buffer.of(0x82, 0), plain.subarray(6)]);
    expect(pipe(other)).toEqual(['1.1 progress', '1.0 held bob – → 10']);
    expect(pipe(bytesOf(withdraw('ann')))).toEqual(['2.0 ann 8 → –']);
  });

  it('keeps the texts for a detector that ignores them', () => {
    const driver = fraudDetectorDriver(hashFraudDetector(0));
    driver.nowMs = NOON_MS;
    const [, fact] = driver.pipe(bytesOf(submit('ann', 4, 'fine'))).get('valid') ?? [];
    expect(facts.decode(fact?.value ?? null).after).toMatchObject({ halfStars: 8, content: 'fine' });
  });

  it('sets aside what it cannot read, with the reason, and goes on', () => {
    const { pipe } = fixture();
    expect(pipe(Buffer.from('garbage'), submit('ann', 4))).toEqual([
      '-1.0 day 20000',
      '1.0 ann – → 8',
      'dead letter: Not in the Confluent wire format',
    ]);
  });

  it('knows after a restart what it knew before', () => {
    const { driver, pipe } = fixture();
    const first = submit('ann', 4);
    pipe(first);
    driver.restart();
    expect(pipe(first)).toEqual(['1.0 progress']);
    expect(pipe(submit('ann', 2))).toEqual(['2.0 ann 8 → 4']);
  });
});
