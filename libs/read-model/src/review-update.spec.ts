import { describe, expect, it } from '@jest/globals';
import type { Cause, EventTimeMs, HalfStars, HeldVerdict } from '@reviews/domain';
import fc from 'fast-check';
import { mergedByReview, mergeUpdates, type ReviewState, type ReviewUpdate } from './review-update.js';

const rated = (halfStars: number) => ({
  halfStars: halfStars as HalfStars,
  createdAtMs: 1_700_000_000_000 as EventTimeMs,
  modifiedAtMs: 1_700_000_000_001 as EventTimeMs,
  imported: false,
});
const verdict: HeldVerdict = {
  kind: 'held',
  score: 80,
  reasons: ['burst'],
  detectorName: 'rules',
  detectorVersion: '1',
};
const cause = (offset: number, ordinal: number): Cause => ({ offset, ordinal });
const update = (at: Cause, state: ReviewState, title?: string): ReviewUpdate => ({
  courseId: 'course-1',
  userId: 'user-1',
  reviewId: 'a1b2',
  cause: at,
  state,
  text: title === undefined ? null : { cause: at, title, content: null },
});
const published = (offset: number, ordinal: number, title: string): ReviewUpdate =>
  update(cause(offset, ordinal), { kind: 'published', ...rated(9) }, title);
const held = (offset: number, ordinal: number, title?: string): ReviewUpdate =>
  update(cause(offset, ordinal), { kind: 'held', verdict, ...rated(2) }, title);
const withdrawn = (offset: number, ordinal: number): ReviewUpdate =>
  update(cause(offset, ordinal), { kind: 'withdrawn' });

/** All orders of up to a handful of updates. */
const ordersOf = (updates: readonly ReviewUpdate[]): readonly (readonly ReviewUpdate[])[] =>
  updates.length < 2
    ? [updates]
    : updates.flatMap((first, index) =>
        ordersOf(updates.filter((_, other) => other !== index)).map((rest) => [first, ...rest]),
      );

describe('what a review has become', () => {
  it.each([
    ['held, by an edit', [published(1, 0, 'a'), withdrawn(2, 0), held(2, 1, 'b')], 'held', 'b'],
    ['published, by an edit', [held(1, 0, 'a'), published(2, 0, 'b'), withdrawn(2, 1)], 'published', 'b'],
    ['held after the fact', [published(1, 0, 'a'), withdrawn(3, 1), held(3, 2)], 'held', 'a'],
    [
      'held after the fact by the command that published it',
      [published(1, 0, 'a'), withdrawn(1, 1), held(1, 2)],
      'held',
      'a',
    ],
    [
      'held after the fact by the command that cleared it',
      [held(1, 0, 'a'), published(2, 0, 'b'), withdrawn(2, 1), withdrawn(2, 2), held(2, 3)],
      'held',
      'b',
    ],
    ['withdrawn by its learner', [published(1, 0, 'a'), withdrawn(4, 0)], 'withdrawn', 'a'],
    ['published anew', [published(1, 0, 'a'), withdrawn(4, 0), published(5, 0, 'b')], 'published', 'b'],
  ])('is %s, in whatever order its records come', (_, updates, kind, title) => {
    for (const order of ordersOf(updates)) {
      const [merged] = mergedByReview(order);
      expect(merged?.state.kind).toBe(kind);
      expect(merged?.text?.title).toBe(title);
    }
  });
});

/** One life of one review, told on both topics as the fraud-detector tells it. */
const life = fc
  .array(fc.record({ after: fc.constantFrom('valid', 'held', 'gone'), later: fc.boolean() }), {
    maxLength: 8,
  })
  .map((commands) => {
    const valid: ReviewUpdate[] = [];
    const fraud: ReviewUpdate[] = [];
    let live: 'valid' | 'held' | 'gone' = 'gone';
    for (const [offset, { after, later }] of commands.entries()) {
      let ordinal = 0;
      const title = `of ${offset}`;
      if (after === 'valid') valid.push(published(offset, ordinal++, title));
      else if (live === 'valid') valid.push(withdrawn(offset, ordinal++));
      if (after === 'held') fraud.push(held(offset, ordinal++, title));
      else if (live === 'held') fraud.push(withdrawn(offset, ordinal++));
      live = after;
      if (later && live === 'valid') {
        valid.push(withdrawn(offset, ordinal));
        fraud.push(held(offset, ordinal + 1));
        live = 'held';
      }
    }
    return { valid, fraud, live };
  });

const STATE_OF = { valid: 'published', held: 'held', gone: 'withdrawn' } as const;

describe('merging records of a review', () => {
  it('tells what the last command made of it, whatever the interleaving, batch by batch and repeated', () => {
    const choices = fc.array(fc.nat({ max: 2 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(life, choices, ({ valid, fraud, live }, drawn) => {
        const queues = [[...valid], [...fraud]];
        let stored: ReviewUpdate | undefined;
        const store = (batch: readonly ReviewUpdate[]): void => {
          const [merged] = mergedByReview(batch);
          if (merged !== undefined) stored = stored === undefined ? merged : mergeUpdates(stored, merged);
        };
        for (const [step, size] of drawn.entries()) {
          const batch = (queues[(step * 7 + size) % 2] ?? []).splice(0, size);
          store(batch);
          if (size === 2) store(batch);
        }
        for (const queue of queues) for (const one of queue) store([one]);
        const everything = [...valid, ...fraud];
        expect(stored).toEqual(mergedByReview(everything)[0]);
        if (everything.length > 0) expect(stored?.state.kind).toBe(STATE_OF[live]);
        // The text is that of the last command that carried one.
        const texts = everything.flatMap(({ text }) => text ?? []).map((text) => text.cause.offset);
        expect(stored?.text?.cause.offset).toBe(texts.length === 0 ? undefined : Math.max(...texts));
      }),
    );
  });
});

describe('the rows of a batch', () => {
  it('are in one order for everybody: by course, then by user', () => {
    const rows = ['b/a', 'a/b', 'B/x', 'a/B', '10/z'].map((key): ReviewUpdate => {
      const [courseId = '', userId = ''] = key.split('/');
      return { ...withdrawn(1, 0), courseId, userId };
    });
    const keys = mergedByReview(rows).map(({ courseId, userId }) => `${courseId}/${userId}`);
    expect(keys).toEqual(['10/z', 'B/x', 'a/B', 'a/b', 'b/a']);
  });
});
