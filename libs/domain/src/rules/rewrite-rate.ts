import type { RulesThresholds } from './rules-thresholds.js';

/** Submissions of one review that changed something within the window, the one at `nowS` included. */
export interface RewriteFinding {
  readonly submissions: number;
  readonly isImplausible: boolean;
  /** To be remembered: no more than the rule asks for. */
  readonly submittedAtS: readonly number[];
}

/** @param earlierS times of the review's earlier submissions in seconds, oldest first */
export const findRewrites = (
  earlierS: readonly number[],
  nowS: number,
  { rewriteMaxSubmissions, rewriteWindowMs }: RulesThresholds,
): RewriteFinding => {
  const within = [...earlierS.filter((second) => second > nowS - rewriteWindowMs / 1000), nowS];
  return {
    submissions: within.length,
    isImplausible: within.length > rewriteMaxSubmissions,
    submittedAtS: within.slice(-rewriteMaxSubmissions),
  };
};
