import { describe, expect, it } from '@jest/globals';
import { offsetOf } from '@reviews/streams';
import { progressAfter } from './fraud-detector-progress.js';

const topics = { validTopic: 'x-reviews-valid', fraudTopic: 'x-reviews-fraud' };

describe('the progress of the fraud-detector', () => {
  it('covers the commands before the next one, and names the ends of both topics of facts', () => {
    const outputEnds = { 'x-reviews-valid': offsetOf(12), 'x-reviews-fraud': offsetOf(3) };
    expect(progressAfter({ partition: 2, sourceNext: offsetOf(9), outputEnds }, topics)).toEqual({
      partition: 2,
      reviewsEnd: 9,
      reviewsValidEnd: 12,
      reviewsFraudEnd: 3,
    });
  });

  it('needs nothing of a topic that nothing was written to', () => {
    expect(progressAfter({ partition: 0, sourceNext: offsetOf(1), outputEnds: {} }, topics)).toMatchObject({
      reviewsValidEnd: 0,
      reviewsFraudEnd: 0,
    });
  });
});
