import { integerOr, serviceConfig, type Environment, type ServiceConfig } from '@reviews/platform';

const DEFAULT_PORT = 3001;
const DEFAULT_FRAUD_PERCENT = 5;

/** The options of the fraud-detector: those of every service, `PORT` being 3001 by default, and its own. */
export interface FraudDetectorConfig extends ServiceConfig {
  /**
   * `FRAUD_PERCENT`: share of all reviews the hash detector holds, in percent, an integer from 0 to 100. Default 5.
   * Reviews already decided on keep their verdict.
   */
  readonly fraudPercent: number;
}

/** @throws ConfigurationError */
export const fraudDetectorConfig = (env: Environment): FraudDetectorConfig =>
  Object.freeze({
    ...serviceConfig(env, DEFAULT_PORT),
    fraudPercent: integerOr(env, 'FRAUD_PERCENT', DEFAULT_FRAUD_PERCENT, { min: 0, max: 100 }),
  });
