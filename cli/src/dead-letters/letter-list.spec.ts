import { describe, expect, it } from '@jest/globals';
import { LetterListBuilder, letterListLines, type LetterList } from './letter-list.js';
import type { LetterSummary } from './letter-summary.js';

const letter = (second: number, changes: Partial<LetterSummary> = {}): LetterSummary => ({
  id: `0/${second}`,
  time: new Date(second * 1_000).toISOString(),
  reason: 'undecodable',
  error: 'Not in the Confluent wire format',
  origin: `reviews/0/${second}`,
  redriven: null,
  refusal: null,
  cameBack: 0,
  ...changes,
});

const listOf = (limit: number, ...letters: readonly LetterSummary[]): LetterList => {
  const builder = new LetterListBuilder(limit);
  letters.forEach((summary) => {
    builder.add(summary);
  });
  return builder.finish('fraud-detector', 0);
};

describe('a list of dead letters', () => {
  it('shows the newest of all partitions, and counts all', () => {
    const many = Array.from({ length: 3_000 }, (_, second) => letter(second));
    const { letters, total, byReason } = listOf(2, ...many, letter(5, { reason: 'impossible' }));
    expect(letters.map(({ id }) => id)).toEqual(['0/2998', '0/2999']);
    expect(total).toBe(3_001);
    expect(byReason).toEqual({ undecodable: 3_000, impossible: 1 });
  });

  it('has a line per letter, and a total by reason', () => {
    const lines = letterListLines(
      listOf(
        3,
        letter(0),
        letter(1, { redriven: '1970-01-01T00:00:09.000Z' }),
        letter(2, { cameBack: 2 }),
        letter(3, { refusal: 'not-copied' }),
      ),
    );
    expect(lines).toEqual([
      'letter  time                      reason       origin       redriven                  came back',
      '0/1     1970-01-01T00:00:01.000Z  undecodable  reviews/0/1  1970-01-01T00:00:09.000Z',
      '0/2     1970-01-01T00:00:02.000Z  undecodable  reviews/0/2  no                              2 ×',
      '0/3     1970-01-01T00:00:03.000Z  undecodable  reviews/0/3  cannot: not-copied',
      '… and 1 older ones: --limit shows more.',
      'Total: 4 (undecodable 4).',
    ]);
  });

  it('says so when there are none', () => {
    expect(letterListLines(listOf(3))).toEqual(['The fraud-detector has no dead letters: none.']);
    expect(letterListLines({ ...listOf(3), foreign: 2 })).toContain(
      '2 more records of the topic are no letters of ours.',
    );
  });
});
