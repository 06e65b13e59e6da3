import { expect, it } from '@jest/globals';
import { suspicionOf, verdictOf } from './suspicion.js';

const detector = { detectorName: 'rules', detectorVersion: '1' };

it('a score is 50 or more exactly when a rule holds, whatever was measured', () => {
  expect(suspicionOf('rating-burst', false, 49, 50).score).toBe(49);
  expect(suspicionOf('rating-burst', true, 50, 50).score).toBe(50);
  // Much evidence, but this review is no part of it.
  expect(suspicionOf('rating-burst', false, 300, 50).score).toBe(49);
  expect(suspicionOf('rating-burst', true, 300, 50).score).toBe(100);
  expect(suspicionOf('near-copy', true, 0, 50).score).toBe(50);
});

it('a verdict has the highest score, and the reasons of all rules that hold', () => {
  const copy = suspicionOf('near-copy', true, 60, 50);
  const burst = suspicionOf('rating-burst', true, 70, 50);
  const rewrites = suspicionOf('rewrite-rate', false, 2, 5);
  expect(verdictOf([copy, burst, rewrites])).toEqual({
    kind: 'held',
    score: 70,
    reasons: ['near-copy', 'rating-burst'],
    ...detector,
  });
  expect(verdictOf([rewrites])).toEqual({ kind: 'valid', score: 20, ...detector });
});
