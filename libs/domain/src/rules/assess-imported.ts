import { dayOf } from '../day.js';
import type { Assessment, CourseMemory, ReviewFeatures } from '../fraud-detector.js';
import { cellOfReview } from './cell.js';
import { learn, newProfile, PER_REVIEW, readProfile, writeProfile } from './course-profile.js';
import { scoreOfKeptHold } from './kept-hold.js';
import { findCopy } from './near-copy.js';
import type { RulesThresholds } from './rules-thresholds.js';
import { stopCounting } from './stop-counting.js';
import { BURST, type Suspicion, suspicionOf, verdictOf } from './suspicion.js';
import { weekHistoryOf } from './week-history.js';

/**
 * Assesses a review that came in a file. It goes straight into the course's history, whatever day it is of, and is part of no
 * burst, unless it is but another text for a post that was held for one.
 */
export const assessImported = (
  features: ReviewFeatures,
  memory: CourseMemory,
  thresholds: RulesThresholds,
): Assessment => {
  const before = readProfile(memory) ?? newProfile();
  const { profile, similarity, isCopy } = findCopy(features, memory, before, thresholds);
  // A copy says nothing about what is usual, and an edit was counted when it came first.
  const isNew = features.replaces === null && !isCopy;
  if (isNew) weekHistoryOf(memory).add(dayOf(features.writtenAtMs), PER_REVIEW);
  writeProfile(memory, isNew ? learn(profile, cellOfReview(features), PER_REVIEW) : profile);
  const score = scoreOfKeptHold(features);
  // The post it replaces is no longer live: what comes later must not hold the imported review in its stead.
  if (score === null) stopCounting(features.userId, memory);
  const kept: readonly Suspicion[] = score === null ? [] : [{ reason: BURST, holds: true, score }];
  const copy = suspicionOf('near-copy', isCopy, similarity, thresholds.copySimilarityPercent);
  return { verdict: verdictOf([copy, ...kept]), alsoHold: [] };
};
