import { describe, expect, it } from '@jest/globals';
import type { DecodedRecord } from '../support/topic-records.js';
import { faultsOf, type WrittenTopics } from './judge-writes.js';
import { ownReview } from './own-review.js';
import { REFUSED_MARK } from './refused-requests.js';

const review = ownReview('course', 'user');
review.says('one');
review.withdrawn();
review.says('two');
const { reviewId } = review;
const promised = [
  { reviewId, position: 'reviews:0:0', content: 'one' },
  { reviewId, position: 'reviews:0:1', content: null },
  { reviewId, position: 'reviews:0:2', content: 'two' },
];

const record = (offset: number, value: Record<string, unknown>): DecodedRecord => ({
  partition: 0,
  offset,
  timestampMs: 0,
  key: 'course',
  value,
  bytes: Buffer.from(JSON.stringify(value)).toString('hex'),
});
const command = (offset: number, content: string | null): DecodedRecord =>
  record(offset, { kind: content === null ? 'withdrawn' : 'submitted', reviewId, content });
const fact = (causeOffset: number, content: string | null): DecodedRecord =>
  record(10 + causeOffset, {
    kind: 'review_changed',
    reviewId,
    causeOffset,
    after: content === null ? null : { content },
  });

const commands = [command(0, 'one'), command(1, null), command(2, 'two')];
const facts = [fact(0, 'one'), fact(1, null), fact(2, 'two')];
const faults = (change: Partial<WrittenTopics>): readonly string[] =>
  faultsOf({ reviews: commands, valid: facts, held: [], ...change }, promised, [review]);

describe('the judgement of what was written', () => {
  it('finds nothing when every promise was kept once', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ valid: [], held: facts })).toEqual([]);
  });

  it.each<[string, Partial<WrittenTopics>]>([
    ['a command that is not where a 202 said', { reviews: commands.slice(0, 2) }],
    ['another command there', { reviews: [...commands.slice(0, 2), command(2, 'one')] }],
    ['an effect that is missing', { valid: facts.slice(0, 2) }],
    ['an effect that came twice', { valid: [...facts, fact(3, 'two')] }],
    ['an effect that was undone', { valid: [...facts, fact(3, null)] }],
    ['effects in another order', { valid: [fact(0, 'two'), fact(1, null), fact(2, 'one')] }],
    ['an effect in both topics', { held: [fact(2, 'two')] }],
    ["somebody else's review", { held: [record(0, { reviewId: 'stranger', causeOffset: 9, after: null })] }],
    ['a trace of what was refused', { reviews: [...commands, command(3, REFUSED_MARK)] }],
  ])('finds %s', (_what, change) => {
    expect(faults(change)).toHaveLength(1);
  });
});
