import type { FraudDetector } from '@reviews/domain';
import { choiceOr, serviceConfig, type Environment, type ServiceConfig } from '@reviews/platform';
import { DETECTOR_NAMES, DETECTORS } from './detectors/index.js';

const DEFAULT_PORT = 3001;

/** The options of the fraud-detector: those of every service, `PORT` being 3001 by default, and its own. */
export interface FraudDetectorConfig extends ServiceConfig {
  /**
   * `FRAUD_DETECTOR`: who decides which reviews are held, `hash` by default. The options of each are documented beside
   * it. Reviews already decided on keep their verdict.
   */
  readonly detector: FraudDetector;
}

/** @throws ConfigurationError */
export const fraudDetectorConfig = (env: Environment): FraudDetectorConfig =>
  Object.freeze({
    ...serviceConfig(env, DEFAULT_PORT),
    detector: DETECTORS[choiceOr(env, 'FRAUD_DETECTOR', DETECTOR_NAMES, 'hash')](env),
  });
