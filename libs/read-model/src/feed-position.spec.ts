import { describe, expect, it } from '@jest/globals';
import {
  formatFeedPosition,
  hasSeen,
  isKnownAt,
  MAX_POSITION_LENGTH,
  parseFeedPosition,
  type FeedPosition,
} from './feed-position.js';

const positionOf = (text: string): FeedPosition => {
  const position = parseFeedPosition(text);
  if (position === undefined) throw new Error(`No position: ${text}`);
  return position;
};

describe('a position in the feed of changes', () => {
  it.each(['16412-730:730:', '16412-730:735:730,733', '16412-3:4294967296000:3'])(
    'comes back as it went out: %s',
    (text) => {
      expect(formatFeedPosition(positionOf(text))).toBe(text);
    },
  );

  it.each([
    '',
    '730:730:',
    '1-730:730',
    '1-735:730:',
    '1-730:735:729',
    '1-730:735:735',
    '1-730:735:733,731',
    '1-730:735:731,',
    '1--730:735:',
    '1-730:99999999999999999999:',
    ` 1-730:735:`,
    `1-1:9999:${Array.from({ length: 500 }, (_, index) => index + 1).join(',')}`,
  ])('is not read from %j', (text) => {
    expect(parseFeedPosition(text)).toBeUndefined();
  });

  it('has seen what had ended, not what was under way or came later', () => {
    //  …729 │ 730 │ 731 732 │ 733 │ 734 │ 735 …
    //  seen │  –  │  seen   │  –  │seen │  –
    const position = positionOf('1-730:735:730,733');
    const seen = [729n, 730n, 731n, 732n, 733n, 734n, 735n].map((xid) => hasSeen(position, xid));
    expect(seen).toEqual([true, false, true, true, false, true, false]);
  });

  it('with too many writers to name says that it has seen nothing since the first of them', () => {
    const inProgress = Array.from({ length: 600 }, (_, index) => 1_000n + BigInt(index) * 2n);
    const text = formatFeedPosition({ generation: '1', xmin: 1_000n, xmax: 9_000n, inProgress });
    expect(text.length).toBeLessThanOrEqual(MAX_POSITION_LENGTH);
    expect(hasSeen(positionOf(text), 1_001n)).toBe(false);
    expect(hasSeen(positionOf(text), 999n)).toBe(true);
  });

  it('is not known where it lies ahead, or where the tables are others', () => {
    const now = positionOf('1-730:735:730');
    expect(isKnownAt(positionOf('1-700:735:'), now)).toBe(true);
    expect(isKnownAt(positionOf('1-700:736:'), now)).toBe(false);
    expect(isKnownAt(positionOf('2-700:735:'), now)).toBe(false);
  });
});
