import { describe, expect, it } from '@jest/globals';
import type { EventTimeMs } from './day.js';
import type { Assessment, ReviewFeatures } from './fraud-detector.js';
import type { ContentHash, CourseId, ReviewId, SubmissionId, UserId } from './identifiers.js';
import {
  decide,
  holdLater,
  nextCause,
  REMEMBERED_SUBMISSIONS,
  type LedgerDecision,
  type LedgerEntry,
} from './ledger.js';
import type { HalfStars } from './rating.js';
import type { ReviewCommand, SubmitReview, WithdrawReview } from './review-command.js';
import { NO_CAUSE } from './review-fact.js';
import type { HeldVerdict } from './verdict.js';

const address = {
  reviewId: 'review' as ReviewId,
  courseId: 'course' as CourseId,
  userId: 'user' as UserId,
};

/** A submission; what it says is `text`, and so is its content hash. */
const submit = (id: string, text: string, change: Partial<SubmitReview> = {}): SubmitReview => ({
  kind: 'submitted',
  ...address,
  submissionId: id as SubmissionId,
  imported: false,
  createdAtMs: null,
  contentHash: text as ContentHash,
  halfStars: 8 as HalfStars,
  courseTitle: null,
  title: null,
  content: text,
  ...change,
});

const importRow = (id: string, text: string, createdAtMs: number): SubmitReview =>
  submit(id, text, { imported: true, createdAtMs: createdAtMs as EventTimeMs });

const withdraw = (id: string): WithdrawReview => ({
  kind: 'withdrawn',
  ...address,
  submissionId: id as SubmissionId,
});

/** Holds what reads like advertising. */
const assess = ({ content }: ReviewFeatures): Assessment => ({
  verdict: content?.includes('BUY') ? held : { kind: 'valid', score: 0, ...detector },
  alsoHold: [],
});
const detector = { detectorName: 'test', detectorVersion: '1' };
const held: HeldVerdict = { kind: 'held', score: 90, reasons: ['advertising'], ...detector };

/** A dead letter that stood at an offset before it was sent again. */
interface Redriven {
  readonly from: number;
  readonly command: ReviewCommand;
}

/** The commands of one review, appended at 1000, 2000 … ms and offsets 0, 1 …; the decision on each of them. */
const decisionsOn = (...commands: readonly (ReviewCommand | Redriven)[]): readonly LedgerDecision[] => {
  let entry: LedgerEntry | null = null;
  return commands.map((given, offset) => {
    const appendTimeMs = ((offset + 1) * 1_000) as EventTimeMs;
    const { command, from: redrivenFrom } = 'from' in given ? given : { command: given, from: null };
    const decision = decide(entry, { command, offset, appendTimeMs, redrivenFrom }, assess);
    ({ entry } = decision);
    return decision;
  });
};

const lastOf = (...commands: readonly (ReviewCommand | Redriven)[]): LedgerDecision => {
  const decision = decisionsOn(...commands).at(-1);
  if (decision === undefined) throw new Error('no command');
  return decision;
};

const liveAfter = (...commands: readonly (ReviewCommand | Redriven)[]): string | undefined =>
  lastOf(...commands).entry.live?.contentHash;

const isNothing = ({ valid, held }: LedgerDecision): boolean => valid === null && held === null;

describe('a submission', () => {
  it('that is the first of its review is a fact with nothing before', () => {
    const { valid, held } = lastOf(submit('s1', 'good'));
    expect(valid?.before).toBeNull();
    expect(valid?.after).toEqual({
      halfStars: 8,
      createdAtMs: 1_000,
      modifiedAtMs: 1_000,
      imported: false,
      courseTitle: null,
      title: null,
      content: 'good',
    });
    expect(held).toBeNull();
  });

  it('that replaces another keeps the date of the first and says what was there', () => {
    const edit = submit('s2', 'better', { halfStars: 10 as HalfStars });
    const { valid, entry } = lastOf(submit('s1', 'good'), edit);
    expect(valid).toMatchObject({
      before: { halfStars: 8, createdAtMs: 1_000, modifiedAtMs: 1_000 },
      after: { halfStars: 10, createdAtMs: 1_000, modifiedAtMs: 2_000 },
    });
    expect(entry).toMatchObject({ causeOffset: 1, live: { modifiedAtMs: 2_000 } });
  });

  it('of the same content is nothing', () => {
    const decision = lastOf(submit('s1', 'good'), submit('s2', 'good'));
    expect(isNothing(decision)).toBe(true);
    expect(decision.entry).toMatchObject({ causeOffset: 1, live: { modifiedAtMs: 1_000 } });
  });

  it('seen before is nothing, and does not undo a later edit', () => {
    const commands = [submit('s1', 'good'), submit('s2', 'better'), submit('s1', 'good')];
    expect(isNothing(lastOf(...commands))).toBe(true);
    expect(liveAfter(...commands)).toBe('better');
  });

  it('seen when it said nothing new does not undo a later edit either', () => {
    const commands = [
      submit('s1', 'good'),
      submit('s2', 'good'),
      submit('s3', 'better'),
      submit('s2', 'good'),
    ];
    expect(liveAfter(...commands)).toBe('better');
  });

  it('seen before does not bring back what was withdrawn since', () => {
    expect(liveAfter(submit('s1', 'good'), withdraw('w1'), submit('s1', 'good'))).toBeUndefined();
  });

  it('after a withdrawal starts anew, with a date of its own', () => {
    const { valid } = lastOf(submit('s1', 'good'), withdraw('w1'), submit('s2', 'good'));
    expect(valid).toMatchObject({ before: null, after: { createdAtMs: 3_000, modifiedAtMs: 3_000 } });
  });
});

describe('a withdrawal', () => {
  it('is a fact with nothing after', () => {
    const { valid, held, entry } = lastOf(submit('s1', 'good'), withdraw('w1'));
    expect(valid).toEqual({
      before: { halfStars: 8, createdAtMs: 1_000, modifiedAtMs: 1_000 },
      after: null,
    });
    expect(held).toBeNull();
    expect(entry).toMatchObject({ live: null, causeOffset: 1 });
  });

  it('of nothing is nothing, and its delayed retry does not take away what was submitted since', () => {
    expect(isNothing(lastOf(withdraw('w1')))).toBe(true);
    expect(liveAfter(withdraw('w1'), submit('s1', 'good'), withdraw('w1'))).toBe('good');
  });

  it('of nothing leaves the first submission a first submission', () => {
    const { valid } = lastOf(withdraw('w1'), submit('s1', 'good'));
    expect(valid).toMatchObject({ before: null, after: { createdAtMs: 2_000 } });
  });

  it('of what is withdrawn already is nothing', () => {
    expect(isNothing(lastOf(submit('s1', 'good'), withdraw('w1'), withdraw('w2')))).toBe(true);
  });

  it('retried late does not take away what was submitted since', () => {
    expect(liveAfter(submit('s1', 'good'), withdraw('w1'), submit('s2', 'new'), withdraw('w1'))).toBe('new');
  });

  it('retried late does not take it away either when there was nothing left to withdraw', () => {
    const again = [submit('s1', 'good'), withdraw('w1'), withdraw('w2'), submit('s2', 'new')];
    expect(liveAfter(...again, withdraw('w2'))).toBe('new');
  });
});

describe('an imported row', () => {
  it('is dated by itself', () => {
    expect(lastOf(importRow('r1', 'old', 10)).valid).toMatchObject({
      after: { createdAtMs: 10, modifiedAtMs: 10, imported: true },
    });
  });

  it('without a date is dated by the broker', () => {
    const row = submit('r1', 'undated', { imported: true });
    expect(lastOf(row).valid).toMatchObject({ after: { createdAtMs: 1_000 } });
  });

  it('older than the live content is nothing', () => {
    const decision = lastOf(submit('s1', 'good'), importRow('r1', 'old', 999));
    expect(isNothing(decision)).toBe(true);
    expect(decision.entry.live?.contentHash).toBe('good');
  });

  it('as old as the live content replaces it', () => {
    expect(liveAfter(submit('s1', 'good'), importRow('r1', 'same time', 1_000))).toBe('same time');
  });

  it('newer than the live content is an edit: the review keeps its first date', () => {
    const { valid } = lastOf(importRow('r1', 'old', 10), importRow('r2', 'newer', 20));
    expect(valid).toMatchObject({
      before: { createdAtMs: 10, modifiedAtMs: 10 },
      after: { createdAtMs: 10, modifiedAtMs: 20 },
    });
  });

  it('after a withdrawal starts anew, whatever its date', () => {
    const commands = [submit('s1', 'good'), withdraw('w1'), importRow('r1', 'old', 10)];
    expect(lastOf(...commands).valid).toMatchObject({ before: null, after: { createdAtMs: 10 } });
  });

  it('seen before does not bring back what was withdrawn since', () => {
    const row = importRow('r1', 'old', 10);
    expect(liveAfter(row, withdraw('w1'), row)).toBeUndefined();
  });

  it('that came too late once stays nothing, even when what was newer is replaced by something older', () => {
    //  rows dated 9 s and 8 s ahead │ the learner edits at 3 s │ the file again
    const file = [importRow('r1', 'latest', 9_000), importRow('r2', 'earlier', 8_000)];
    expect(liveAfter(...file, submit('s1', 'mine'), ...file)).toBe('mine');
  });
});

describe('a review held as fraud', () => {
  const good = submit('s1', 'good');
  const fraud = submit('s2', 'BUY');

  it('never reaches the valid ones', () => {
    const { valid, held } = lastOf(fraud);
    expect(valid).toBeNull();
    expect(held).toMatchObject({
      before: null,
      after: { content: 'BUY' },
      verdict: { kind: 'held', reasons: ['advertising'] },
    });
  });

  it('by an edit is withdrawn from the valid ones', () => {
    const { valid, held } = lastOf(good, fraud);
    expect(valid).toEqual({
      before: { halfStars: 8, createdAtMs: 1_000, modifiedAtMs: 1_000 },
      after: null,
    });
    expect(held).toMatchObject({ before: null, after: { content: 'BUY', createdAtMs: 1_000 } });
  });

  it('is released by an edit that clears it, on its first day', () => {
    const { valid, held } = lastOf(fraud, good);
    expect(valid).toMatchObject({ before: null, after: { content: 'good', createdAtMs: 1_000 } });
    expect(held).toMatchObject({
      before: { createdAtMs: 1_000, modifiedAtMs: 1_000 },
      after: null,
      verdict: { kind: 'valid' },
    });
  });

  it('stays among the held ones when it is edited there', () => {
    const { valid, held } = lastOf(fraud, submit('s3', 'BUY NOW'));
    expect(valid).toBeNull();
    expect(held).toMatchObject({ before: { createdAtMs: 1_000 }, after: { content: 'BUY NOW' } });
  });

  it('is withdrawn from the held ones', () => {
    const { valid, held } = lastOf(fraud, withdraw('w1'));
    expect(valid).toBeNull();
    expect(held).toMatchObject({ before: { halfStars: 8 }, after: null, verdict: null });
  });
});

describe('a review that a detector holds later', () => {
  const later = (...commands: readonly ReviewCommand[]): LedgerDecision | null =>
    holdLater(lastOf(...commands).entry, held);

  it('is withdrawn from the valid ones and held, with the place of its text', () => {
    const counted = { halfStars: 8, createdAtMs: 1_000, modifiedAtMs: 2_000 };
    const decision = later(submit('s1', 'good'), importRow('r1', 'better', 2_000));
    expect(decision?.valid).toEqual({ before: counted, after: null });
    expect(decision?.held).toEqual({
      before: null,
      after: { ...counted, imported: true, courseTitle: null, title: null, content: null },
      verdict: held,
      textOffset: 1,
    });
  });

  it('has its text where the same content was last said', () => {
    expect(later(submit('s1', 'good'), submit('s2', 'good'))?.held?.textOffset).toBe(1);
    expect(later(submit('s1', 'good'), submit('s2', 'new'), submit('s1', 'good'))?.held?.textOffset).toBe(1);
  });

  it('is released by an edit that clears it', () => {
    const entry = later(submit('s1', 'good'))?.entry ?? null;
    const edit = { command: submit('s2', 'fine'), offset: 1, redrivenFrom: null };
    const { valid, held: release } = decide(entry, { ...edit, appendTimeMs: 9 as EventTimeMs }, assess);
    expect(valid).toMatchObject({ before: null, after: { content: 'fine', createdAtMs: 1_000 } });
    expect(release).toMatchObject({ before: { createdAtMs: 1_000 }, after: null, textOffset: null });
  });

  it('stays as it is when it was withdrawn meanwhile, or is held already', () => {
    expect(later(submit('s1', 'good'), withdraw('w1'))).toBeNull();
    expect(later(submit('s1', 'BUY'))).toBeNull();
    expect(later(withdraw('w1'))).toBeNull();
  });
});

describe('a dead letter sent again', () => {
  const letter = (from: number): Redriven => ({ from, command: submit('dead', 'from the dead') });

  it('does what it would have done, when nothing came for its review in between', () => {
    expect(liveAfter(submit('s1', 'good'), letter(1))).toBe('from the dead');
    expect(liveAfter(letter(0))).toBe('from the dead');
  });

  it.each([
    ['an edit', submit('s2', 'better'), 'better'],
    ['the same content', submit('s2', 'good'), 'good'],
    ['a withdrawal', withdraw('w1'), undefined],
  ])('is nothing when %s came in between', (_what, command, live) => {
    //  good at 0 │ the letter stood at 1, as this retry does │ command at 2 │ the letter again
    expect(liveAfter(submit('s1', 'good'), submit('s1', 'good'), command, letter(1))).toBe(live);
  });

  it('does its part after another one of its review that stood before it, and nothing after one that stood behind it', () => {
    const submitted: Redriven = { from: 0, command: submit('dead', 'from the dead') };
    const withdrawn: Redriven = { from: 1, command: withdraw('dead too') };
    expect(liveAfter(submitted, withdrawn)).toBeUndefined();
    expect(liveAfter(withdrawn, submitted)).toBeUndefined();
  });

  it('is nothing after a withdrawal of nothing that came in between', () => {
    expect(liveAfter(withdraw('w1'), withdraw('w2'), letter(0))).toBeUndefined();
  });
});

describe('what the ledger remembers', () => {
  const edits = (count: number): readonly SubmitReview[] =>
    Array.from({ length: count }, (_, index) => submit(`s${index}`, `text ${index}`));

  it('is no text', () => {
    const { entry } = lastOf(submit('s1', 'hash', { title: 'Loud', content: 'Long', courseTitle: 'Course' }));
    const remembered = JSON.stringify(entry);
    expect(['Loud', 'Long', 'Course'].filter((text) => remembered.includes(text))).toEqual([]);
  });

  it('is at most eight attempts, the latest', () => {
    expect(REMEMBERED_SUBMISSIONS).toBe(8);
    expect(lastOf(...edits(12)).entry.submissionIds).toEqual([
      's4',
      's5',
      's6',
      's7',
      's8',
      's9',
      's10',
      's11',
    ]);
  });

  it('knows an attempt while seven others followed, and takes it for a new one after eight', () => {
    const [first] = edits(1);
    if (first === undefined) throw new Error('no edit');
    expect(isNothing(lastOf(...edits(8), first))).toBe(true);
    expect(isNothing(lastOf(...edits(9), first))).toBe(false);
  });

  it('stays as it was when an attempt comes again', () => {
    const [first, retried] = decisionsOn(submit('s1', 'good'), submit('s1', 'good'));
    expect(retried?.entry).toBe(first?.entry);
  });
});

describe('the cause of a fact', () => {
  it('is its command, with a number for each fact of that command', () => {
    const first = nextCause(NO_CAUSE, 5);
    expect(first).toEqual({ offset: 5, ordinal: 0 });
    expect(nextCause(first, 5)).toEqual({ offset: 5, ordinal: 1 });
    expect(nextCause(first, 6)).toEqual({ offset: 6, ordinal: 0 });
  });
});
