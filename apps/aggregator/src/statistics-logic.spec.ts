import { describe, expect, it } from '@jest/globals';
import type { ReviewFact } from '@reviews/domain';
import { aggregatorUnderTest, told } from './testing/aggregator-under-test.js';
import { changed, dayStarted, reviewOf } from './testing/facts.js';

const D = 20_000;

describe('the aggregator', () => {
  it('publishes a course once per transaction, with the last record it includes', () => {
    const aggregator = aggregatorUnderTest();
    const facts = [dayStarted(D), changed('a', null, reviewOf(4, D)), changed('a', null, reviewOf(5, D))];
    expect(told(aggregator.pipe(...facts))).toEqual(['long-term a 2 @2', 'recent a 2 @2']);
  });

  it('publishes only the statistic that changed', () => {
    const aggregator = aggregatorUnderTest();
    aggregator.pipe(dayStarted(D), changed('a', null, reviewOf(4, D)));
    const old = reviewOf(3, D - 90);
    expect(told(aggregator.pipe(changed('a', null, old)))).toEqual(['long-term a 2 @2']);
  });

  it('publishes nothing when the numbers stay', () => {
    const aggregator = aggregatorUnderTest();
    const review = reviewOf(4, D);
    aggregator.pipe(dayStarted(D), changed('a', null, review));
    expect(told(aggregator.pipe(changed('a', review, review)))).toEqual([]);
  });

  it('refuses causes that do not increase', () => {
    const aggregator = aggregatorUnderTest();
    const fact = dayStarted(D);
    aggregator.pipe(fact);
    expect(() => aggregator.pipe(fact)).toThrow('reviews-valid offset 1: cause');
  });

  it.each<[string, readonly ReviewFact[], string]>([
    ['a review before any day', [changed('a', null, reviewOf(4, D))], 'before any day started'],
    ['a day that is not later', [dayStarted(D), dayStarted(D)], `day ${D} after day ${D}`],
    ['less than nothing', [dayStarted(D), changed('a', reviewOf(4, D), null)], 'never counted'],
  ])('refuses %s', (_what, facts, message) => {
    expect(() => aggregatorUnderTest().pipe(...facts)).toThrow(message);
  });
});
