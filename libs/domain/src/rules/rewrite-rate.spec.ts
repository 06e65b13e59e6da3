import { describe, expect, it } from '@jest/globals';
import { courseUnderTest, textOf } from './course-under-test.js';

const HOUR = 1 / 24;

describe('a review rewritten again and again', () => {
  it('is held from the sixth submission of a day on, until the rate is plausible again', () => {
    //  0h 1h 2h 3h 4h │ 5h     │ 30h
    //  ── valid ───── │ held   │ valid
    const course = courseUnderTest();
    const at = (hour: number): unknown =>
      course.post({ user: 'a', stars: 4, text: textOf(hour + 1), day: hour * HOUR }).verdict;
    for (let hour = 0; hour < 5; hour++) expect(at(hour)).toMatchObject({ kind: 'valid' });
    expect(at(5)).toMatchObject({ kind: 'held', reasons: ['rewrite-rate'] });
    expect(at(30)).toMatchObject({ kind: 'valid' });
  });

  it('is known however long ago it was first counted', () => {
    //  day 0: first │ day 27, late: five more │ 28th midnight, others forget what is old │ the sixth of a day
    const course = courseUnderTest();
    const rewrite = (nth: number, day: number): void =>
      void course.post({ user: 'a', stars: 4, text: textOf(nth), day });
    rewrite(1, 0.1);
    for (let nth = 2; nth < 7; nth++) rewrite(nth, 27.95 + nth / 1_000);
    // More than there are pages: one of them shares that of `a`.
    for (let nth = 0; nth < 200; nth++)
      course.post({ user: `other-${nth}`, stars: 1 + (nth % 5), text: null, day: 28.0001 });
    rewrite(7, 28.001);
    expect(course.held()).toContain('a');
  });

  it('counts what is withdrawn and submitted anew', () => {
    const course = courseUnderTest();
    for (let hour = 0; hour < 6; hour++) {
      course.withdraw('a');
      course.post({ user: 'a', stars: 4, text: textOf(hour + 1), day: hour * HOUR });
    }
    expect(course.held()).toEqual(['a']);
  });

  it.each([
    ['as many submissions as configured', { rewriteMaxSubmissions: 2 }, 3],
    ['within the configured time', { rewriteMaxSubmissions: 2, rewriteWindowMs: 1.5 * 3_600_000 }, null],
  ])('may have %s', (_, thresholds, firstHeld) => {
    const course = courseUnderTest(thresholds);
    const kinds = [1, 2, 3].map(
      (nth) => course.post({ user: 'a', stars: 4, text: textOf(nth), day: nth * HOUR }).verdict.kind,
    );
    const held = kinds.indexOf('held');
    expect(held === -1 ? null : held + 1).toBe(firstHeld);
  });

  it('does not touch other users, nor imported rows', () => {
    const course = courseUnderTest();
    for (let nth = 0; nth < 20; nth++)
      course.importRow({ user: 'a', stars: 4, text: textOf(nth + 1), day: nth / 1000 });
    for (let nth = 0; nth < 3; nth++)
      course.post({ user: `user-${nth}`, stars: 4, text: textOf(nth + 50), day: 1 });
    expect(course.held()).toEqual([]);
  });
});
