import { describe, expect, it } from '@jest/globals';
import { textOf } from './course-under-test.js';
import { shinglesOf, similarityPercent, textSignatureOf } from './text-signature.js';

const likeness = (a: string, b: string): number => similarityPercent(textSignatureOf(a), textSignatureOf(b));

describe('the signature of a text', () => {
  it.each([
    ['case', 'GREAT Course, Great Staff and projects'],
    ['punctuation', 'great course! great staff -- and projects...'],
    ['whitespace', '  great course\n\tgreat staff   and projects '],
    ['accents', 'gréat coûrse great stäff and prøjects'.replace('ø', 'o')],
  ])('does not depend on %s', (_, text) => {
    expect(textSignatureOf(text)).toEqual(textSignatureOf('great course great staff and projects'));
  });

  // Of a size that must never be normalised as it is: that would take a second for each.
  it.each([
    ['marks that are made of others', '\u0f81'.repeat(32_768)],
    ['marks that have to be sorted', '\u0301\u0316'.repeat(16_384)],
  ])('does not depend on any number of %s', (_, marks) => {
    const marked = textSignatureOf(`great cou${marks}rse great staff and projects`);
    expect(marked).toEqual(textSignatureOf('great course great staff and projects'));
    expect(shinglesOf(textSignatureOf(marks))).toBe(0);
  });

  it('knows the order of words', () => {
    expect(likeness('one two three four five six', 'six five four three two one')).toBeLessThan(70);
  });

  it('is empty without words', () => {
    expect(shinglesOf(textSignatureOf(' … !'))).toBe(0);
    expect(likeness('', '')).toBe(0);
  });

  it('counts the shingles of a short text', () => {
    // five words, four pairs
    const shingles = shinglesOf(textSignatureOf('this was a fine course'));
    expect(shingles).toBeGreaterThanOrEqual(8);
    expect(shingles).toBeLessThanOrEqual(9);
  });

  it('tells texts apart that are written without spaces', () => {
    expect(likeness('这门课程非常好我学到了很多东西', '作业太多老师从来不回答问题')).toBeLessThan(35);
    expect(likeness('这门课程非常好我学到了很多东西', '这门课程非常好我学到很多东西')).toBeGreaterThan(60);
  });

  it('estimates the Jaccard index within the error of 64 bins', () => {
    // Half of each text is shared: 1/3 of all words and pairs. Three standard deviations of 64 draws are 18 points.
    const shared = textOf(1, 200);
    for (let seed = 2; seed < 40; seed += 2) {
      const percent = likeness(`${shared} ${textOf(seed, 200)}`, `${shared} ${textOf(seed + 1, 200)}`);
      expect(Math.abs(percent - 33)).toBeLessThan(20);
    }
  });
});
