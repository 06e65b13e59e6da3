import { DEFAULT_RULES, rulesFraudDetector, type FraudDetector, type RulesThresholds } from '@reviews/domain';
import { numberOr, type Bounds, type Environment } from '@reviews/platform';

/** The thresholds that may be set, their variables, and what they may be. */
const OPTIONS: readonly (readonly [keyof RulesThresholds, string, Bounds])[] = [
  ['copySimilarityPercent', 'RULES_COPY_SIMILARITY_PERCENT', { min: 20, max: 100 }],
  ['burstMinDecibans', 'RULES_BURST_MIN_DECIBANS', { min: 20, max: 200 }],
  ['burstMinSideDecibans', 'RULES_BURST_MIN_SIDE_DECIBANS', { min: 0, max: 100 }],
  ['ordinaryWeeklyReviews', 'RULES_ORDINARY_WEEKLY_REVIEWS', { min: 0.1, max: 10_000 }],
  ['rewriteMaxSubmissions', 'RULES_REWRITE_MAX_SUBMISSIONS', { min: 1, max: 50 }],
  ['rewriteWindowMs', 'RULES_REWRITE_WINDOW_MS', { min: 1_000, max: 28 * 86_400_000 }],
];

/**
 * Holds copies of texts, bursts of one-sided ratings, and reviews that are rewritten implausibly often. What each
 * threshold means, and its default, stands at {@link RulesThresholds}.
 *
 * @throws ConfigurationError
 */
export const rules = (env: Environment): FraudDetector => {
  const set = OPTIONS.map(([name, variable, bounds]) => [
    name,
    numberOr(env, variable, DEFAULT_RULES[name], bounds),
  ]);
  return rulesFraudDetector({ ...DEFAULT_RULES, ...(Object.fromEntries(set) as Partial<RulesThresholds>) });
};
