import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CURSOR_PATTERN, MAX_CURSOR_LENGTH, openCursor, sealCursor, type CursorScope } from './cursor.js';

const KEY = randomBytes(32);
const SCOPE: CursorScope = ['reviews', 'ts-101', null, 'newest', [1, 2]];

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0));
const place = fc.array(fc.oneof(fc.string({ unit: 'binary' }), number), { minLength: 1, maxLength: 3 });

describe('a cursor', () => {
  it('gives back the place it was made of, each double to its last bit', () => {
    fc.assert(
      fc.property(place, (key) => {
        expect(openCursor(KEY, SCOPE, sealCursor(KEY, SCOPE, key))).toEqual(key);
      }),
    );
  });

  it('fits in a URL as it is, however long a title is', () => {
    const longest = sealCursor(KEY, SCOPE, ['\u0001'.repeat(200), 'x'.repeat(64), 1 / 3]);
    expect(longest).toMatch(CURSOR_PATTERN);
    expect(longest.length).toBeLessThanOrEqual(MAX_CURSOR_LENGTH);
  });

  it.each([
    ['another list', ['courses', 'ts-101', null, 'newest', [1, 2]]],
    ['another course', ['reviews', 'ts-102', null, 'newest', [1, 2]]],
    ['another search', ['reviews', 'ts-101', 'clear', 'newest', [1, 2]]],
    ['another order', ['reviews', 'ts-101', null, 'oldest', [1, 2]]],
    ['other ratings', ['reviews', 'ts-101', null, 'newest', null]],
  ])('is none for %s', (_what, scope) => {
    expect(openCursor(KEY, scope, sealCursor(KEY, SCOPE, ['ada']))).toBeUndefined();
  });

  it('is none with another key', () => {
    expect(openCursor(randomBytes(32), SCOPE, sealCursor(KEY, SCOPE, ['ada']))).toBeUndefined();
  });

  it('is none when a character of it is another, or when there are fewer or more of them', () => {
    const cursor = sealCursor(KEY, SCOPE, ['2026-02-28T12:00:00.000Z', 'ada']);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 0; at < cursor.length; at++) {
      for (const other of alphabet) {
        if (other === cursor[at]) continue;
        const forged = cursor.slice(0, at) + other + cursor.slice(at + 1);
        expect([forged, openCursor(KEY, SCOPE, forged)]).toEqual([forged, undefined]);
      }
      expect(openCursor(KEY, SCOPE, cursor.slice(0, at))).toBeUndefined();
    }
    for (const more of ['A', '=', '.', ' ']) expect(openCursor(KEY, SCOPE, cursor + more)).toBeUndefined();
  });
});
