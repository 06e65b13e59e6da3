import { describe, expect, it } from '@jest/globals';
import { parseCourseId, parseUserId } from './identifiers.js';

describe.each([
  ['course', parseCourseId],
  ['user', parseUserId],
])('a %s id', (_name, parse) => {
  it.each(['a', '0', '...', '.a', 'a.', '-', '~', '_', 'ML-101_v2.final~1', 'x'.repeat(64)])(
    'may be %j',
    (id) => {
      expect(parse(id)).toBe(id);
    },
  );

  it.each([
    ['', 'empty'],
    ['.', 'a step in a path'],
    ['..', 'a step in a path'],
    ['x'.repeat(65), 'too long'],
    ['a/b', 'two parts of a path'],
    ['a b', 'spaced'],
    ['a\n', 'ended by a line break'],
    ['\na', 'begun by a line break'],
    ['a\u0000', 'with an invisible character'],
    ['é', 'outside ASCII'],
    ['a%20b', 'percent-encoded'],
    ['a:b', 'with a colon'],
    ['١', 'a digit of another script'],
  ])('is never %j: %s', (id) => {
    expect(parse(id)).toBeUndefined();
  });

  it('is kept as it was written: upper and lower case differ', () => {
    expect(parse('Ml')).toBe('Ml');
    expect(parse('Ml')).not.toBe(parse('ml'));
  });
});
