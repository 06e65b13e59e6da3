import type { Assessment, FraudDetector, ReviewFeatures } from './fraud-detector.js';
import { murmur2OfAscii, toPositive } from './murmur2.js';

const NAME = 'hash';
const VERSION = '1';

/**
 * Holds a fixed share of all reviews, chosen by the review's id alone: deterministic, so a review keeps its
 * verdict over every edit and replay.
 *
 * @param fraudPercent share to hold, an integer from 0 (none) to 100 (all)
 */
export const hashFraudDetector = (fraudPercent: number): FraudDetector => ({
  name: NAME,
  ignoresTexts: true,
  assess({ reviewId }: ReviewFeatures): Assessment {
    const bucket = toPositive(murmur2OfAscii(reviewId)) % 100;
    const detector = { detectorName: NAME, detectorVersion: VERSION };
    return {
      verdict:
        bucket < fraudPercent
          ? { kind: 'held', score: 100, reasons: ['hash-share'], ...detector }
          : { kind: 'valid', score: 0, ...detector },
      alsoHold: [],
    };
  },
});
