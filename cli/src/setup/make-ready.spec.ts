import { describe, expect, it } from '@jest/globals';
import { registerSchemas } from './make-ready.js';

describe('the schemas', () => {
  it('are registered under the subjects of their topics, after the rule that guards them', async () => {
    const calls: string[] = [];
    await registerSchemas(
      {
        setCompatibility: (level) => Promise.resolve(void calls.push(level)),
        register: (subject) => Promise.resolve(calls.push(subject)),
      },
      'staging-',
    );
    expect(calls).toEqual([
      'FULL_TRANSITIVE',
      'staging-reviews-value',
      'staging-reviews-valid-value',
      'staging-reviews-fraud-value',
      'staging-long-term-stats-value',
      'staging-recent-stats-value',
      'staging-aggregator-progress-value',
      'staging-fraud-detector-progress-value',
    ]);
  });
});
