/** What is measured. `none` holds nothing: what an attack would do to an unguarded site. */
import { DEFAULT_RULES, hashFraudDetector, rulesFraudDetector } from '../../dist/libs/domain/src/index.js';

const HASH_PERCENT = 5;

const none = {
  name: 'none',
  assess: () => ({
    verdict: { kind: 'valid', score: 0, detectorName: 'none', detectorVersion: '1' },
    alsoHold: [],
  }),
};

/** `none` first. */
export const detectors = () => [none, hashFraudDetector(HASH_PERCENT), rulesFraudDetector(DEFAULT_RULES)];
