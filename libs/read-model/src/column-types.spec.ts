import { describe, expect, it } from '@jest/globals';
import { columnTypes } from './column-types.js';

const parserOf = columnTypes.getTypeParser as (type: number) => (text: string) => unknown;
const parse = (type: number, text: string): unknown => parserOf(type)(text);

describe('columns', () => {
  it('hand over a bigint as a number', () => {
    expect(parse(20, '9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('refuse a bigint that a number cannot hold', () => {
    expect(() => parse(20, '9007199254740993')).toThrow(RangeError);
  });

  it('hand over an array of bigints as numbers', () => {
    expect(parse(1016, '{0,1,12}')).toEqual([0, 1, 12]);
  });

  it('hand over a date as its UTC day, whatever the time zone of this machine', () => {
    expect(parse(1082, '1970-01-01')).toBe(0);
    expect(parse(1082, '2026-02-28')).toBe(20_512);
  });

  it('leave every other type to the client', () => {
    expect(parse(23, '7')).toBe(7);
    expect(parse(25, '7')).toBe('7');
  });
});
