import { describe, expect, it } from '@jest/globals';
import { lastStatementIn } from './last-statement.js';

describe('the reason a command failed', () => {
  it('is the last line that is not a stack trace', () => {
    expect(lastStatementIn('WARN slow\nError: topic has 3 partitions, 4 wanted\n    at main.js:1\n')).toBe(
      'Error: topic has 3 partitions, 4 wanted',
    );
  });

  it('is unknown when it said nothing', () => {
    expect(lastStatementIn('')).toBeUndefined();
  });
});
