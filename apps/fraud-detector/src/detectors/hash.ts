import { hashFraudDetector, type FraudDetector } from '@reviews/domain';
import { integerOr, type Environment } from '@reviews/platform';

const DEFAULT_FRAUD_PERCENT = 5;

/**
 * Holds a fixed share of all reviews. `FRAUD_PERCENT`: the share in percent, an integer from 0 to 100, by default 5.
 *
 * @throws ConfigurationError
 */
export const hash = (env: Environment): FraudDetector =>
  hashFraudDetector(integerOr(env, 'FRAUD_PERCENT', DEFAULT_FRAUD_PERCENT, { min: 0, max: 100 }));
