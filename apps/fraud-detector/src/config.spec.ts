import { describe, expect, it } from '@jest/globals';
import type { CourseId, EventTimeMs, HalfStars, ReviewFeatures, ReviewId, UserId } from '@reviews/domain';
import { ConfigurationError } from '@reviews/platform';
import { fraudDetectorConfig } from './config.js';

const required = { KAFKA_BROKERS: 'one:9092', SCHEMA_REGISTRY_URL: 'http://registry:8081/apis/ccompat/v7' };
const review: ReviewFeatures = {
  reviewId: 'review' as ReviewId,
  courseId: 'course' as CourseId,
  userId: 'user' as UserId,
  halfStars: 6 as HalfStars,
  title: null,
  content: null,
  writtenAtMs: 0 as EventTimeMs,
  imported: false,
  replaces: null,
};
const detectorOf = (env: Readonly<Record<string, string>>): string =>
  fraudDetectorConfig({ ...required, ...env }).detector.name;

describe('the detector', () => {
  it('is the hash detector by default', () => {
    expect(detectorOf({})).toBe('hash');
  });

  it.each(['hash', 'rules'])('is %s when FRAUD_DETECTOR says so', (name) => {
    expect(detectorOf({ FRAUD_DETECTOR: name })).toBe(name);
  });

  it.each([
    ['FRAUD_DETECTOR', 'oracle'],
    ['FRAUD_PERCENT', '101'],
    ['FRAUD_PERCENT', '2.5'],
    ['RULES_COPY_SIMILARITY_PERCENT', '19'],
    ['RULES_BURST_MIN_DECIBANS', '201'],
    ['RULES_BURST_MIN_SIDE_DECIBANS', '-1'],
    ['RULES_ORDINARY_WEEKLY_REVIEWS', '0.05'],
    ['RULES_ORDINARY_WEEKLY_REVIEWS', '1e3'],
    ['RULES_REWRITE_MAX_SUBMISSIONS', '0'],
    ['RULES_REWRITE_WINDOW_MS', '999'],
  ])('is refused with the name of the variable when %s is %s', (name, value) => {
    const env = { FRAUD_DETECTOR: name.startsWith('RULES_') ? 'rules' : 'hash', [name]: value };
    expect(() => detectorOf(env)).toThrow(ConfigurationError);
    expect(() => detectorOf(env)).toThrow(name);
  });

  it('takes its own options: two submissions are too many when one is allowed', () => {
    const kindOfSecond = (env: Readonly<Record<string, string>>): string => {
      const { detector } = fraudDetectorConfig({ ...required, FRAUD_DETECTOR: 'rules', ...env });
      const memory = new Map<string, Uint8Array>();
      const assess = (content: string) =>
        detector.assess(
          { ...review, content },
          {
            get: (key) => memory.get(key),
            put: (key, value) => void memory.set(key, value),
            delete: (key) => void memory.delete(key),
          },
        );
      assess('one');
      return assess('two').verdict.kind;
    };
    expect(kindOfSecond({})).toBe('valid');
    expect(kindOfSecond({ RULES_REWRITE_MAX_SUBMISSIONS: '1' })).toBe('held');
  });
});
