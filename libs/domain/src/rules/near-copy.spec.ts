import { describe, expect, it } from '@jest/globals';
import { courseUnderTest, textOf } from './course-under-test.js';
import { MAX_KNOWN_TEXTS } from './known-texts.js';

const ORIGINAL = textOf(7, 40);
const words = ORIGINAL.split(' ');
const sentences = [words.slice(0, 13), words.slice(13, 27), words.slice(27)].map((part) => part.join(' '));

describe('a copy', () => {
  it.each([
    ['word for word', ORIGINAL],
    ['in other case and punctuation', `${ORIGINAL.toUpperCase()}!!!`],
    ['with every eighth word replaced', words.map((word, i) => (i % 8 === 3 ? 'other' : word)).join(' ')],
    ['with every eighth word dropped', words.filter((_, i) => i % 8 !== 3).join(' ')],
    ['with words added', words.map((word, i) => (i % 8 === 3 ? `${word} really` : word)).join(' ')],
    ['with its sentences in another order', sentences.toReversed().join('. ')],
    ['behind a prefix', `${textOf(8, 12)} ${ORIGINAL}`],
  ])('is held %s, and the original stays', (_, copy) => {
    const course = courseUnderTest();
    course.post({ user: 'first', stars: 5, text: ORIGINAL, day: 0 });
    const { verdict, alsoHold } = course.post({ user: 'second', stars: 5, text: copy, day: 200 });
    expect(verdict).toMatchObject({ kind: 'held', reasons: ['near-copy'], detectorName: 'rules' });
    expect(alsoHold).toEqual([]);
    expect(course.held()).toEqual(['second']);
  });

  it('of a copy is one, so that a text cannot wander away by small steps', () => {
    const course = courseUnderTest();
    const step = (from: number): string =>
      words.map((word, i) => (i >= from && i < from + 10 ? `x${word}` : word)).join(' ');
    course.post({ user: 'a', stars: 5, text: ORIGINAL, day: 0 });
    course.post({ user: 'b', stars: 5, text: step(0), day: 1 });
    course.post({ user: 'c', stars: 5, text: step(0).replace(words[30] ?? '', 'other'), day: 2 });
    expect(course.held()).toEqual(['b', 'c']);
  });

  it('is not what two learners wrote of the same course', () => {
    const course = courseUnderTest();
    for (let user = 0; user < 100; user++)
      course.post({ user: `user-${user}`, stars: 4, text: textOf(user + 1), day: user * 30 });
    expect(course.held()).toEqual([]);
  });

  it.each([
    [8, 'valid'],
    [12, 'held'],
  ] as const)('of %d words is %s: shorter texts are alike by chance', (count, kind) => {
    const text = textOf(3, count);
    const course = courseUnderTest();
    course.post({ user: 'a', stars: 5, text, day: 0 });
    expect(course.post({ user: 'b', stars: 5, text, day: 90 }).verdict.kind).toBe(kind);
  });

  it('begins where the configured likeness does', () => {
    // 20 of 60 words shared in one run: 39 of 199 shingles, 20 percent.
    const second = `${words.slice(0, 20).join(' ')} ${textOf(9, 20)}`;
    const kindAt = (copySimilarityPercent: number): string => {
      const course = courseUnderTest({ copySimilarityPercent });
      course.post({ user: 'a', stars: 5, text: ORIGINAL, day: 0 });
      return course.post({ user: 'b', stars: 5, text: second, day: 90 }).verdict.kind;
    };
    expect(kindAt(20)).toBe('held');
    expect(kindAt(60)).toBe('valid');
  });
});

describe('an edit', () => {
  it('of one’s own text is no copy, also when others copied it meanwhile', () => {
    const course = courseUnderTest();
    course.post({ user: 'author', stars: 5, text: ORIGINAL, day: 0 });
    course.post({ user: 'copier', stars: 5, text: ORIGINAL, day: 50 });
    const edited = course.post({ user: 'author', stars: 5, text: `${ORIGINAL} indeed`, day: 100 });
    expect(edited.verdict.kind).toBe('valid');
    expect(course.held()).toEqual(['copier']);
  });

  it('is not compared with what it replaces', () => {
    const course = courseUnderTest();
    course.post({ user: 'author', stars: 5, text: ORIGINAL, day: 0 });
    const half = `${words.slice(0, 8).join(' ')} ${textOf(9, 40)}`;
    expect(course.post({ user: 'author', stars: 5, text: half, day: 50 }).verdict).toMatchObject({
      score: 0,
    });
    expect(course.post({ user: 'other', stars: 5, text: ORIGINAL, day: 99 }).verdict.score).toBeGreaterThan(
      0,
    );
  });

  it('of a copy leaves it one', () => {
    const course = courseUnderTest();
    course.post({ user: 'author', stars: 5, text: ORIGINAL, day: 0 });
    course.post({ user: 'copier', stars: 5, text: ORIGINAL, day: 50 });
    course.post({ user: 'copier', stars: 5, text: `${ORIGINAL} indeed`, day: 100 });
    expect(course.held()).toEqual(['copier']);
  });

  it('into another’s text is a copy, and back into one’s own none', () => {
    const course = courseUnderTest();
    course.post({ user: 'author', stars: 5, text: ORIGINAL, day: 0 });
    course.post({ user: 'other', stars: 5, text: textOf(9), day: 50 });
    course.post({ user: 'other', stars: 5, text: ORIGINAL, day: 100 });
    expect(course.held()).toEqual(['other']);
    course.post({ user: 'other', stars: 5, text: textOf(10), day: 150 });
    expect(course.held()).toEqual([]);
  });
});

it('texts are remembered over a withdrawal, and for the last reviews of a course only', () => {
  const course = courseUnderTest();
  course.post({ user: 'author', stars: 5, text: ORIGINAL, day: 0 });
  course.withdraw('author');
  expect(course.post({ user: 'early', stars: 5, text: ORIGINAL, day: 1 }).verdict.kind).toBe('held');
  for (let user = 0; user < MAX_KNOWN_TEXTS; user++)
    course.importRow({ user: `user-${user}`, stars: 4, text: textOf(user + 1_000), day: user });
  expect(course.post({ user: 'late', stars: 5, text: ORIGINAL, day: 900 }).verdict.kind).toBe('valid');
});

it('imported rows are compared, with posts and with each other', () => {
  const course = courseUnderTest();
  course.importRow({ user: 'a', stars: 5, text: ORIGINAL, day: 0 });
  expect(course.importRow({ user: 'b', stars: 5, text: ORIGINAL, day: 1 }).verdict.kind).toBe('held');
  expect(course.post({ user: 'c', stars: 5, text: ORIGINAL, day: 2 }).verdict.kind).toBe('held');
});
