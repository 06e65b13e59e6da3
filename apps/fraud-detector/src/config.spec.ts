import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@reviews/platform';
import { fraudDetectorConfig } from './config.js';

const required = { KAFKA_BROKERS: 'one:9092', SCHEMA_REGISTRY_URL: 'http://registry:8081/apis/ccompat/v7' };
const detectorOf = (env: Readonly<Record<string, string>>): string =>
  fraudDetectorConfig({ ...required, ...env }).detector.name;

describe('the detector', () => {
  it('is the hash detector by default', () => {
    expect(detectorOf({})).toBe('hash');
  });

  it.each(['hash'])('is %s when FRAUD_DETECTOR says so', (name) => {
    expect(detectorOf({ FRAUD_DETECTOR: name })).toBe(name);
  });

  it.each([
    ['FRAUD_DETECTOR', 'oracle'],
    ['FRAUD_PERCENT', '101'],
    ['FRAUD_PERCENT', '2.5'],
  ])('is refused with the name of the variable when %s is %s', (name, value) => {
    expect(() => detectorOf({ [name]: value })).toThrow(ConfigurationError);
    expect(() => detectorOf({ [name]: value })).toThrow(name);
  });
});
