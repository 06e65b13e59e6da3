import { describe, expect, it } from '@jest/globals';
import { toReviewFactRecord, toReviewHeldRecord } from '@reviews/contracts';
import type {
  CourseId,
  EventTimeMs,
  HalfStars,
  HeldVerdict,
  PublishedReview,
  ReviewChange,
  ReviewId,
  UserId,
} from '@reviews/domain';
import { updateOfFact, updateOfHeld } from './review-updates.js';

const rated = {
  halfStars: 3 as HalfStars,
  createdAtMs: 1_700_000_000_000 as EventTimeMs,
  modifiedAtMs: 1_700_000_000_005 as EventTimeMs,
  imported: true,
};
const review: PublishedReview = { ...rated, courseTitle: null, title: null, content: 'Too long' };
const cause = { offset: 7, ordinal: 2 };
const address: Omit<ReviewChange, 'before' | 'after'> = {
  cause,
  reviewId: 'a1b2' as ReviewId,
  courseId: 'course-1' as CourseId,
  userId: 'user-1' as UserId,
};
const verdict: HeldVerdict = {
  kind: 'held',
  score: 90,
  reasons: ['copied'],
  detectorName: 'rules',
  detectorVersion: '1',
};

describe('what a record says of a review', () => {
  it('is that it is published, with its text, when reviews-valid takes it on', () => {
    const fact = toReviewFactRecord({ kind: 'review-changed', ...address, before: null, after: review });
    expect(updateOfFact(fact)).toEqual({
      ...address,
      state: { kind: 'published', ...rated },
      text: { cause, title: null, content: 'Too long' },
    });
  });

  it('is that it is held, why, and its text, when reviews-fraud takes it on', () => {
    const held = { ...address, before: null, after: review, verdict, textOffset: null };
    expect(updateOfHeld(toReviewHeldRecord(held))).toEqual({
      ...address,
      state: { kind: 'held', verdict, ...rated },
      text: { cause, title: null, content: 'Too long' },
    });
  });

  it('is nothing about its text when it is held after the fact', () => {
    const after = { ...review, content: null };
    const held = { ...address, before: null, after, verdict, textOffset: 3 };
    expect(updateOfHeld(toReviewHeldRecord(held)).text).toBeNull();
  });

  it('is that it is withdrawn, and nothing about its text, when either topic lets it go', () => {
    const withdrawn = { ...address, state: { kind: 'withdrawn' }, text: null };
    const change = { ...address, before: rated, after: null };
    expect(updateOfFact(toReviewFactRecord({ kind: 'review-changed', ...change }))).toEqual(withdrawn);
    const held = { ...change, verdict: null, textOffset: null };
    expect(updateOfHeld(toReviewHeldRecord(held))).toEqual(withdrawn);
  });
});
