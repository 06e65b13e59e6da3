import { describe, expect, it } from '@jest/globals';
import { parseHeader, rowOf } from './csv-row.js';

const header = ['courseId', 'userId', 'rating', 'title'];

describe('a row of a CSV file', () => {
  it('has the names of the header, and its rating as a number', () => {
    expect(rowOf(header, ['c-1', 'u-1', '4.5', 'Good'])).toEqual({
      courseId: 'c-1',
      userId: 'u-1',
      rating: 4.5,
      title: 'Good',
    });
  });

  it('leaves an empty cell out, and so cells that are missing', () => {
    expect(rowOf(header, ['c-1', 'u-1', '4', ''])).not.toHaveProperty('title');
    expect(rowOf(header, ['c-1'])).toEqual({ courseId: 'c-1' });
  });

  it.each(['good', '4,5', '1e1', ' '])('leaves a rating of "%s" as it is, for the API to refuse', (cell) => {
    expect(rowOf(header, ['c-1', 'u-1', cell])).toMatchObject({ rating: cell });
  });

  it('keeps a number in any other column as text', () => {
    expect(rowOf(header, ['101', 'u-1', '4', '12'])).toMatchObject({ courseId: '101', title: '12' });
  });

  it('shows cells beyond the header, so that they are refused rather than lost', () => {
    expect(rowOf(['courseId'], ['c-1', 'u-1'])).toEqual({ courseId: 'c-1', 'column 2': 'u-1' });
  });
});

describe('the header of a CSV file', () => {
  it('is read without the blanks around its names', () => {
    expect(parseHeader([' courseId', 'userId '])).toEqual(['courseId', 'userId']);
  });

  it('is refused with a column without a name', () => {
    expect(() => parseHeader(['courseId', ''])).toThrow('Column 2 of the CSV file has no name');
  });

  it('is refused with two columns of one name', () => {
    expect(() => parseHeader(['rating', 'rating'])).toThrow('two columns named rating');
  });
});
