/** What is measured. `none` holds nothing: what an attack would do to an unguarded site. */
import * as domain from '../../dist/libs/domain/src/index.js';

const HASH_PERCENT = 5;

const none = {
  name: 'none',
  assess: () => ({
    verdict: { kind: 'valid', score: 0, detectorName: 'none', detectorVersion: '1' },
    alsoHold: [],
  }),
};

/** @param say is told when a detector is not there to be measured */
export const detectors = (say) => {
  const { hashFraudDetector, rulesFraudDetector, DEFAULT_RULES } = domain;
  const always = [none, hashFraudDetector(HASH_PERCENT)];
  if (rulesFraudDetector !== undefined) return [...always, rulesFraudDetector(DEFAULT_RULES)];
  say('the domain exports no rulesFraudDetector: there is no column for it');
  return always;
};
