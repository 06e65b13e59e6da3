import { describe, expect, it } from '@jest/globals';
import { betaBinomialTail, decibansAgainst, negativeBinomialTail } from './tail-probability.js';

describe('the tail of a negative binomial count', () => {
  it('is that of a geometric one when the shape is 1', () => {
    // Mean 3: each further event has probability 3/4.
    expect(negativeBinomialTail(5, 3, 1)).toBeCloseTo(0.75 ** 5, 5);
  });

  it('is 1 for no events, and falls with each', () => {
    const tails = Array.from({ length: 60 }, (_, count) => negativeBinomialTail(count, 2, 2));
    expect(tails[0]).toBeCloseTo(1, 5);
    for (const [index, tail] of tails.slice(1).entries()) expect(tail).toBeLessThan(tails[index] ?? 0);
  });

  it('grows with the mean', () => {
    expect(negativeBinomialTail(10, 4, 2)).toBeGreaterThan(negativeBinomialTail(10, 2, 2));
  });

  it.each([4_000, 5_000, 1e5, 1e7, 1e9])('is 1 when the mean is %d and the count is not', (mean) => {
    expect(negativeBinomialTail(10, mean, 2)).toBeGreaterThan(0.99);
  });

  it('hardly changes where counts are scaled down', () => {
    // 256 is still computed as it is; beyond, the tail is one of the ratio.
    const [below, above] = [negativeBinomialTail(256, 100, 2), negativeBinomialTail(512, 200, 2)];
    expect(above / below).toBeGreaterThan(0.8);
    expect(above / below).toBeLessThan(1.25);
  });
});

describe('the tail of a beta-binomial count', () => {
  it('is the share itself for one of one', () => {
    expect(betaBinomialTail(1, 1, 0.3, 14)).toBeCloseTo(0.3, 12);
  });

  it('is uniform when share and weight are those of a uniform prior', () => {
    // a = b = 1: each of the 11 counts is equally likely.
    expect(betaBinomialTail(8, 10, 0.5, 2)).toBeCloseTo(3 / 11, 12);
  });

  it('comes near the binomial one when the share is known well', () => {
    expect(betaBinomialTail(3, 3, 0.5, 1e6)).toBeCloseTo(0.125, 4);
  });

  it('is 1 for at least none', () => {
    expect(betaBinomialTail(0, 20, 0.2, 14)).toBeCloseTo(1, 12);
  });
});

describe('decibans', () => {
  it.each([
    [1, 0],
    [0.5, 3],
    [0.1, 10],
    [0.001, 30],
    [0.0005, 33],
    [0.8, 0],
  ])('of a probability of %d are %d', (probability, decibans) => {
    expect(decibansAgainst(probability)).toBe(decibans);
  });

  it('are finite for what cannot happen', () => {
    expect(decibansAgainst(0)).toBeGreaterThan(2_800);
    expect(decibansAgainst(0)).toBeLessThan(3_000);
  });
});
