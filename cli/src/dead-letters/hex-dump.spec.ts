import { describe, expect, it } from '@jest/globals';
import { hexDump, textOfBytes } from './hex-dump.js';

describe('a hex dump', () => {
  it('shows 16 bytes a line, with their position and what can be printed', () => {
    expect(hexDump(Buffer.from('reviews\u0000are here \u001B[2J'))).toEqual([
      '00000000  72 65 76 69 65 77 73 00 61 72 65 20 68 65 72 65  reviews.are here',
      '00000010  20 1b 5b 32 4a                                    .[2J',
    ]);
  });

  it('says how much it leaves out', () => {
    expect(hexDump(Buffer.alloc(40), 16)).toHaveLength(2);
    expect(hexDump(Buffer.alloc(40), 16).at(-1)).toBe('… 24 more bytes');
  });
});

describe('bytes', () => {
  it.each([
    ['text in any language', Buffer.from('Bäcker\n面包'), 'Bäcker\n面包'],
    ['no UTF-8', Buffer.from([0xff, 0x41]), undefined],
    ['a sequence that steers a terminal', Buffer.from('\u001B[2J'), undefined],
  ])('are text only when a terminal can show them: %s', (_, bytes, expected) => {
    expect(textOfBytes(bytes)).toBe(expected);
  });
});
