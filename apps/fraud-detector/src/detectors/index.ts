import type { FraudDetector } from '@reviews/domain';
import type { Environment } from '@reviews/platform';
import { hash } from './hash.js';
import { rules } from './rules.js';

/** What `FRAUD_DETECTOR` chooses from. A detector is made from its own options; another one is a file and a line here. */
export const DETECTORS = { hash, rules } as const satisfies Readonly<
  Record<string, (env: Environment) => FraudDetector>
>;

export type DetectorName = keyof typeof DETECTORS;

export const DETECTOR_NAMES = Object.keys(DETECTORS) as readonly DetectorName[];
