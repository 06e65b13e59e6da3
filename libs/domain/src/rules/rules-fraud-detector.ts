import type { FraudDetector } from '../fraud-detector.js';
import { assessImported } from './assess-imported.js';
import { assessPosted } from './assess-posted.js';
import type { RulesThresholds } from './rules-thresholds.js';
import { stopCounting } from './stop-counting.js';
import { NAME } from './suspicion.js';

/**
 * Holds copies of texts, bursts of one-sided ratings, and reviews that are rewritten implausibly often, each by what is
 * remembered of the course alone. Imported reviews are compared as texts only; they teach what is usual for the course.
 *
 * A course's memory is bounded, whatever is submitted: by default 122,000 bytes of values when all user ids have 64
 * characters, 79,000 when they have 22; a course of three reviews takes about 600. Values that another version wrote, or
 * whose format byte or length is damaged, count as not remembered, pages of several entries from the damage on; other bytes
 * are taken as they are.
 */
export const rulesFraudDetector = (thresholds: RulesThresholds): FraudDetector => ({
  name: NAME,
  assess: (features, memory) =>
    features.imported
      ? assessImported(features, memory, thresholds)
      : assessPosted(features, memory, thresholds),
  withdraw: stopCounting,
});
