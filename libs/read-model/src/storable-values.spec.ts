import { describe, expect, it } from '@jest/globals';
import { storableText, toArrayLiteral } from './storable-values.js';

describe('a text', () => {
  it('is stored without the character that PostgreSQL cannot store', () => {
    expect(storableText('a\u0000b\u0000')).toBe('a\uFFFDb\uFFFD');
  });
});

describe('an array of texts', () => {
  it('keeps quotes, backslashes, commas, braces and empty texts', () => {
    expect(toArrayLiteral(['a"b', 'c\\d', 'e,f', '{g}', '', 'NULL'])).toBe(
      '{"a\\"b","c\\\\d","e,f","{g}","","NULL"}',
    );
  });

  it('may be empty', () => {
    expect(toArrayLiteral([])).toBe('{}');
  });
});
