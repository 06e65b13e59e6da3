import { describe, expect, it } from '@jest/globals';
import type { CourseId, HalfStars } from '@reviews/domain';
import { reviewPageStatement, type ReviewPageRequest } from './review-page.js';
import { tablesIn } from './tables.js';

const FIRST: ReviewPageRequest = {
  courseId: 'ts-101' as CourseId,
  halfStars: null,
  q: null,
  sort: 'newest',
  after: null,
  limit: 20,
};
const THREE = [3, 5, 9] as unknown as readonly HalfStars[];
const TIME = '2026-02-28T12:00:00.000Z';

const statementOf = (change: Partial<ReviewPageRequest>) =>
  reviewPageStatement(tablesIn('reviews'), { ...FIRST, ...change });
const stretchesOf = (change: Partial<ReviewPageRequest>): number =>
  statementOf(change)?.sql.split(' where ').slice(1).length ?? 0;

describe('a page of reviews', () => {
  it('of some ratings is read rating by rating, each a stretch of the index', () => {
    expect(stretchesOf({ halfStars: THREE })).toBe(3);
    expect(stretchesOf({ halfStars: THREE, after: [TIME, 'ada'] })).toBe(3);
  });

  it('of all ratings is read in one go', () => {
    const all = Array.from({ length: 10 }, (_, index) => (index + 1) as HalfStars);
    expect(statementOf({ halfStars: all })).toEqual(statementOf({}));
  });

  it('sorted by rating leaves out the ratings that lie behind', () => {
    expect(stretchesOf({ halfStars: THREE, sort: 'highest', after: [5, TIME, 'ada'] })).toBe(2);
    expect(stretchesOf({ halfStars: THREE, sort: 'lowest', after: [5, TIME, 'ada'] })).toBe(2);
    expect(stretchesOf({ halfStars: THREE, sort: 'lowest', after: [9, TIME, 'ada'] })).toBe(1);
  });

  it('needs no statement when nothing can be left', () => {
    const five = [5] as unknown as readonly HalfStars[];
    expect(statementOf({ halfStars: five, sort: 'lowest', after: [6, TIME, 'ada'] })).toBeUndefined();
  });

  it('holds what clients say as values, never as text of the statement', () => {
    const { sql = '', values = [] } = statementOf({ q: "'; drop", after: ["')", "ada'"] }) ?? {};
    expect(sql).not.toMatch(/drop|ada/);
    expect(values).toEqual(['ts-101', 20, "'; drop", "')", "ada'"]);
  });
});
