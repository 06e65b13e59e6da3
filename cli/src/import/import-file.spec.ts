import { describe, expect, it } from '@jest/globals';
import { formatOf } from './import-file.js';

describe('the format of a file', () => {
  it.each([
    ['reviews.jsonl', 'jsonl'],
    ['reviews.ndjson', 'jsonl'],
    ['Reviews.CSV', 'csv'],
  ])('is what the name of %s says: %s', (file, format) => {
    expect(formatOf(file, undefined)).toBe(format);
  });

  it('is what somebody asks for, whatever the name', () => {
    expect(formatOf('reviews.csv', 'jsonl')).toBe('jsonl');
  });

  it('has to be asked for when the name does not say', () => {
    expect(() => formatOf('-', undefined)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: 'The name of standard input does not say its format: add --format jsonl or --format csv.',
      }),
    );
  });
});
