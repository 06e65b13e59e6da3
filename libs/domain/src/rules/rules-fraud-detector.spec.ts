import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { courseUnderTest, type Submission, textOf } from './course-under-test.js';

const MAX_BYTES = 122_000;
const TYPICAL_MAX_BYTES = 79_000;

const bytesOf = (memory: ReadonlyMap<string, Uint8Array>): number =>
  [...memory.values()].reduce((total, value) => total + value.length, 0);

const submission = fc.record({
  user: fc.integer({ min: 0, max: 12 }).map((user) => `user-${user}`),
  stars: fc.integer({ min: 1, max: 10 }).map((halfStars) => halfStars / 2),
  text: fc.option(fc.integer({ min: 1, max: 9 }).map((seed) => textOf(seed, seed * 9))),
  day: fc.double({ min: 0, max: 60, noNaN: true }),
});

/** Posts and imports what was drawn, posts mostly in time order. @returns what was said of each */
const replay = (submissions: readonly Submission[], memory = new Map<string, Uint8Array>()): unknown[] => {
  const course = courseUnderTest({}, memory);
  return submissions.map((drawn, index) =>
    index % 5 === 4 ? course.importRow(drawn) : course.post({ ...drawn, day: drawn.day + index }),
  );
};

describe('the rules detector', () => {
  it('says of each review who decided, how sure it is, and why it holds', () => {
    fc.assert(
      fc.property(fc.array(submission, { maxLength: 60 }), (submissions) => {
        const course = courseUnderTest();
        for (const drawn of submissions) course.post(drawn);
        for (const { verdict } of course.live.values()) {
          expect(verdict).toMatchObject({ detectorName: 'rules', detectorVersion: '1' });
          expect(Number.isInteger(verdict.score)).toBe(true);
          expect(verdict.score >= 50).toBe(verdict.kind === 'held');
          expect(verdict.score).toBeLessThanOrEqual(100);
          if (verdict.kind === 'held') expect(verdict.reasons.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('decides the same and remembers the same bytes when a log is read again', () => {
    fc.assert(
      fc.property(fc.array(submission, { maxLength: 80 }), (submissions) => {
        const [first, second] = [new Map<string, Uint8Array>(), new Map<string, Uint8Array>()];
        expect(replay(submissions, first)).toEqual(replay(submissions, second));
        expect([...first]).toEqual([...second]);
      }),
    );
  });

  it('never changes what it remembered in place', () => {
    const memory = new Map<string, Uint8Array>();
    const course = courseUnderTest({}, memory);
    for (let nth = 0; nth < 40; nth++) {
      const before = [...memory].map(([key, value]) => [key, value, value.slice()] as const);
      course.post({ user: `user-${nth % 25}`, stars: 5, text: textOf(nth % 30), day: nth });
      for (const [, value, copy] of before) expect(value).toEqual(copy);
    }
  });

  it('keeps all it knows in its memory, so that a restart changes nothing', () => {
    const drawn = fc
      .sample(submission, { numRuns: 120, seed: 5 })
      .map((one, nth) => ({ ...one, user: `user-${nth}` }));
    const unbroken = courseUnderTest();
    const memory = new Map<string, Uint8Array>();
    for (const one of drawn) expect(courseUnderTest({}, memory).post(one)).toEqual(unbroken.post(one));
  });
});

describe('the memory of a course', () => {
  it.each([
    ['22', TYPICAL_MAX_BYTES, (nth: number) => `anon-${String(nth).padStart(17, '0')}`],
    ['64', MAX_BYTES, (nth: number) => `anon-${String(nth).padStart(59, '0')}`],
  ])('stays below its bound when users with ids of %s characters never stop', (_, maxBytes, userOf) => {
    const course = courseUnderTest();
    const texts = Array.from({ length: 700 }, (__, nth) => textOf(nth + 1, 20));
    let largest = 0;
    for (let nth = 0; nth < 3_000; nth++) {
      const user = userOf(nth % 1_500 < 1_000 ? nth : nth % 40);
      const review = { user, stars: 1 + (nth % 9) / 2, text: texts[nth % 700] ?? null, day: nth / 150 };
      if (nth % 10 === 0) course.importRow({ ...review, day: nth });
      else course.post(review);
      if (nth % 50 === 0) largest = Math.max(largest, bytesOf(course.memory));
    }
    expect(largest).toBeLessThan(maxBytes);
    expect(largest).toBeGreaterThan(maxBytes / 2);
  });

  it('is small for a small course', () => {
    const course = courseUnderTest();
    for (const nth of [1, 2, 3]) course.post({ user: `anon-${nth}`, stars: 4, text: textOf(nth), day: nth });
    expect(bytesOf(course.memory)).toBeLessThan(700);
  });

  it('of another version counts as not remembered', () => {
    const course = courseUnderTest();
    const text = textOf(1);
    course.post({ user: 'author', stars: 5, text, day: 0 });
    const other = new Map(
      [...course.memory].map(([key, value]) => [key, Uint8Array.of(2, ...value.slice(1))]),
    );
    expect(courseUnderTest({}, other).post({ user: 'b', stars: 5, text, day: 1 })).toEqual(
      courseUnderTest().post({ user: 'b', stars: 5, text, day: 1 }),
    );
    expect(courseUnderTest({}, course.memory).post({ user: 'b', stars: 5, text, day: 1 }).verdict.kind).toBe(
      'held',
    );
  });

  it.each([0, 1, 2, 7])('may have lost all but %d bytes of any value', (length) => {
    const course = courseUnderTest();
    for (let nth = 0; nth < 30; nth++)
      course.post({ user: `user-${nth}`, stars: 5, text: textOf(nth + 1), day: nth * 20 });
    for (const [key, value] of course.memory) {
      const wounded = new Map(course.memory).set(key, value.slice(0, length));
      const { verdict } = courseUnderTest({}, wounded).post({
        user: 'next',
        stars: 4,
        text: textOf(99),
        day: 600,
      });
      expect(verdict.kind).toBe('valid');
    }
  });

  it('may be damaged without stopping the detector', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: -1, max: 255 })), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(fc.array(submission, { minLength: 5, maxLength: 40 }), damage, (submissions, wounds) => {
        const memory = new Map<string, Uint8Array>();
        replay(submissions, memory);
        for (const [which, where, byte] of wounds) {
          const [key, value] = [...memory][which % memory.size] ?? ['', new Uint8Array()];
          // -1 cuts the value off, anything else overwrites a byte.
          const wounded = byte === -1 ? value.slice(0, where % (value.length + 1)) : value.slice();
          if (byte !== -1 && value.length > 0) wounded[where % value.length] = byte;
          memory.set(key, wounded);
        }
        expect(replay(submissions, memory)).toHaveLength(submissions.length);
      }),
      { numRuns: 100 },
    );
  });
});
