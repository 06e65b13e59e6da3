import { describe, expect, it } from '@jest/globals';
import { offsetOf, type ListedLetter } from '@reviews/streams';
import { letterDetailLines, letterDetails } from './letter-details.js';

const listed = (changes: Partial<ListedLetter['letter']> = {}): ListedLetter => ({
  letter: {
    offset: offsetOf(17),
    letterTimeMs: 1_000,
    origin: { topic: 'reviews', partition: 3, offset: offsetOf(40), appendTimeMs: 0 },
    reason: 'undecodable',
    error: 'not ours\u001B[2J',
    original: {
      key: Buffer.from('bread-101'),
      value: Buffer.from([0xff]),
      headers: { trace: Buffer.from('abc') },
    },
    omittedBytes: undefined,
    ...changes,
  },
  redriven: undefined,
  refusal: undefined,
  cameBack: 1,
});

describe('a dead letter', () => {
  it('is shown with where it stood, why it is here, and its bytes; nothing in it steers the terminal', () => {
    expect(letterDetailLines(3, listed())).toEqual([
      'Letter    3/17, set aside 1970-01-01T00:00:01.000Z',
      'Origin    reviews/3/40, written 1970-01-01T00:00:00.000Z',
      'Reason    undecodable',
      'Error     not ours [2J',
      'Redriven  no',
      'Came back from a redrive',
      'Header    trace: abc',
      'Key       9 bytes',
      '00000000  62 72 65 61 64 2d 31 30 31                       bread-101',
      'As text:',
      'bread-101',
      'Value     1 bytes',
      '00000000  ff                                               .',
    ]);
  });

  it('says where an original is that was too large to be copied', () => {
    const lines = letterDetailLines(
      3,
      listed({ original: { key: null, value: null, headers: {} }, omittedBytes: 1_040_000 }),
    );
    expect(lines.at(-1)).toBe(
      'The original has 1040000 bytes, too many for a letter: it stands at its origin.',
    );
  });

  it('has every byte in JSON', () => {
    expect(letterDetails(3, listed())).toMatchObject({
      id: '3/17',
      original: {
        key: { base64: 'YnJlYWQtMTAx', text: 'bread-101' },
        value: { base64: '/w==', text: null },
        headers: { trace: { base64: 'YWJj', text: 'abc' } },
      },
    });
  });
});
