import { describe, expect, it } from '@jest/globals';
import type { CourseId, HalfStars, ReviewId, UserId } from '@reviews/domain';
import fc from 'fast-check';
import { v5 as uuidV5 } from 'uuid';
import { contentHashOf, importedRowIdOf, reviewIdOf, submissionIdOf, type Content } from './review-id.js';

const CAMPAIGN = { numRuns: 100, seed: 1 };
const HASH = /^[0-9a-f]{32}$/;

const texts = fc.option(fc.string({ unit: 'grapheme' }));
const contents: fc.Arbitrary<Content> = fc.record({
  halfStars: fc.integer({ min: 1, max: 10 }) as fc.Arbitrary<HalfStars>,
  title: texts,
  content: texts,
  importedCourseTitle: texts,
});

const content: Content = { halfStars: 9 as HalfStars, title: 'a', content: 'b', importedCourseTitle: null };

describe('a review id', () => {
  // Python: uuid.uuid5(uuid.UUID('5b0c6c1e-4a55-5d0f-9d0e-6a3c1f2b7e90'), 'machine-learning-101/user-1')
  it.each([
    ['machine-learning-101', 'user-1', '6092f241-0bc5-5671-8b81-2d004bbae013'],
    ['a', 'b', '7920d1a3-0094-5b98-bb9b-2406fe61f386'],
    ['A-Za-z0-9._~-', '~', '2d11dfa1-ccc6-5c4c-90e5-c9c6dbd3510c'],
  ])('of course %j and user %j is %s for ever', (courseId, userId, reviewId) => {
    expect(reviewIdOf(courseId as CourseId, userId as UserId)).toBe(reviewId);
  });

  it('is the UUIDv5 that others make of the same text', () => {
    const ids = fc.stringMatching(/^[A-Za-z0-9._~-]{1,64}$/);
    fc.assert(
      fc.property(ids, ids, (courseId, userId) => {
        const uuid = uuidV5(`${courseId}/${userId}`, '5b0c6c1e-4a55-5d0f-9d0e-6a3c1f2b7e90');
        expect(reviewIdOf(courseId as CourseId, userId as UserId)).toBe(uuid);
      }),
      CAMPAIGN,
    );
  });

  it('belongs to one user on one course, however the two are written side by side', () => {
    expect(reviewIdOf('ab' as CourseId, 'c' as UserId)).not.toBe(reviewIdOf('a' as CourseId, 'bc' as UserId));
    expect(reviewIdOf('a' as CourseId, 'b' as UserId)).not.toBe(reviewIdOf('b' as CourseId, 'a' as UserId));
  });
});

describe('a content hash', () => {
  it('is equal exactly when the content is', () => {
    fc.assert(
      fc.property(contents, contents, (a, b) => {
        expect(contentHashOf({ ...a })).toBe(contentHashOf(a));
        expect(contentHashOf(a) === contentHashOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
        expect(contentHashOf(a)).toMatch(HASH);
      }),
      CAMPAIGN,
    );
  });

  it.each<[string, Partial<Content>]>([
    ['the rating', { halfStars: 8 as HalfStars }],
    ['where title ends and text begins', { title: 'ab', content: '' }],
    ['whether there is a title', { title: null }],
    ['an empty title from none', { title: '' }],
    ['the title an import gives the course', { importedCourseTitle: 'a' }],
    ['upper from lower case', { title: 'A' }],
  ])('tells apart %s', (_what, change) => {
    expect(contentHashOf({ ...content, ...change })).not.toBe(contentHashOf(content));
  });

  it('stays what it is: ledgers remember it', () => {
    // The first 32 digits of the SHA-256 of '[9,"a","b",null]'.
    expect(contentHashOf(content)).toBe('664b1d06c28d13f18b491f89bf328ce1');
  });
});

describe('a submission id', () => {
  const hash = contentHashOf(content);
  const other = contentHashOf({ ...content, title: null });

  it('is the same for the same key and content', () => {
    expect(submissionIdOf('key', hash)).toBe(submissionIdOf('key', hash));
    expect(submissionIdOf('key', hash)).toMatch(HASH);
  });

  it('is another when the key is used for other content, or for a withdrawal', () => {
    const ids = [submissionIdOf('key', hash), submissionIdOf('key', other), submissionIdOf('key', null)];
    expect(new Set(ids).size).toBe(3);
  });

  it('is another for another key', () => {
    expect(submissionIdOf('key', hash)).not.toBe(submissionIdOf('yek', hash));
  });

  it('is made anew for each request without a key', () => {
    expect(submissionIdOf(undefined, hash)).not.toBe(submissionIdOf(undefined, hash));
    expect(submissionIdOf(undefined, null)).toMatch(HASH);
  });
});

describe('the id of an imported row', () => {
  const reviewId = reviewIdOf('course' as CourseId, 'user' as UserId);
  const hash = contentHashOf(content);
  const id = importedRowIdOf(1, reviewId, 10, hash);

  it('is the same when the file is imported again', () => {
    expect(importedRowIdOf(1, reviewId, 10, hash)).toBe(id);
    expect(id).toMatch(HASH);
  });

  it('is another for another line, review, date or content', () => {
    const others = [
      importedRowIdOf(2, reviewId, 10, hash),
      importedRowIdOf(1, 'other' as ReviewId, 10, hash),
      importedRowIdOf(1, reviewId, 11, hash),
      importedRowIdOf(1, reviewId, null, hash),
      importedRowIdOf(1, reviewId, 10, contentHashOf({ ...content, title: null })),
    ];
    expect(new Set([id, ...others]).size).toBe(6);
  });

  it('is never that of a request, whatever its key', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (key) => {
        expect(submissionIdOf(key, hash)).not.toBe(id);
      }),
      CAMPAIGN,
    );
  });
});
