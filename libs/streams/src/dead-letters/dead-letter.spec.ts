import { describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import type { OutputRecord, StreamRecord } from '../records.js';
import { isTakenForMarker, originalHeaders, parseDeadLetter, toDeadLetterRecord } from './dead-letter.js';

const SOURCE = { topic: 'reviews', partition: 3 };
const POISON: StreamRecord = {
  offset: offsetOf(17),
  key: Buffer.from([0xff, 0]),
  value: Buffer.from([1, 2, 3]),
  appendTimeMs: 1_700_000_000_000,
  headers: { trace: Buffer.from([0xfe]), reason: Buffer.from('mine') },
};

const asRead = ({ key, value, headers = {} }: OutputRecord): StreamRecord => ({
  offset: offsetOf(5),
  key,
  value,
  appendTimeMs: 1_700_000_001_000,
  headers,
});
const letterOf = (record: StreamRecord, error: unknown = new Error('not ours')): StreamRecord =>
  asRead(toDeadLetterRecord(SOURCE, record, 'undecodable', error));

describe('a dead letter', () => {
  it('keeps key, value and headers byte for byte, and says where they stood and why they are here', () => {
    expect(parseDeadLetter(letterOf(POISON))).toEqual({
      offset: 5,
      letterTimeMs: 1_700_000_001_000,
      origin: { ...SOURCE, offset: 17, appendTimeMs: 1_700_000_000_000 },
      reason: 'undecodable',
      error: 'not ours',
      original: { key: POISON.key, value: POISON.value, headers: POISON.headers },
      omittedBytes: undefined,
    });
    expect(originalHeaders(letterOf(POISON))).toEqual(POISON.headers);
  });

  it('is made of a tombstone without key and headers, too', () => {
    const { original } = parseDeadLetter(letterOf({ ...POISON, key: null, value: null, headers: {} }));
    expect(original).toEqual({ key: null, value: null, headers: {} });
  });

  it('cuts an error off after 1,000 characters', () => {
    expect(parseDeadLetter(letterOf(POISON, 'x'.repeat(5_000))).error).toBe('x'.repeat(1_000));
  });

  it('leaves an original where it is that would make the letter too large for a broker', () => {
    const letter = letterOf({ ...POISON, value: Buffer.alloc(1_000_000) });
    expect(letter.value).toBeNull();
    expect(parseDeadLetter(letter)).toMatchObject({
      origin: { offset: 17 },
      original: { key: null, value: null, headers: {} },
      omittedBytes: 1_000_018,
    });
  });

  it('never has the key that the client takes for an abort marker, and still knows it', () => {
    const letter = letterOf({ ...POISON, key: Buffer.alloc(4) });
    expect(isTakenForMarker(letter.key)).toBe(false);
    expect(parseDeadLetter(letter).original).toEqual({
      key: Buffer.alloc(4),
      value: POISON.value,
      headers: POISON.headers,
    });
  });

  it('does not believe what an original says about letters', () => {
    const posing = { ...POISON, headers: { 'dead-letter-topic': Buffer.from('other') } };
    expect(parseDeadLetter(letterOf(posing))).toMatchObject({
      origin: { topic: 'reviews' },
      original: { headers: {} },
    });
  });

  it.each([
    ['without our headers', {}, 'offset 17 is no dead letter: no dead-letter-topic'],
    [
      'with an offset that is none',
      { ...letterOf(POISON).headers, 'dead-letter-offset': Buffer.from('first') },
      'dead-letter-offset is no integer',
    ],
  ])('is not a record %s', (_, headers, message) => {
    expect(() => parseDeadLetter({ ...POISON, headers })).toThrow(message);
  });
});
