import { dayOf } from '../day.js';
import type { Assessment, CourseMemory, ReviewFeatures } from '../fraud-detector.js';
import { cellOfReview } from './cell.js';
import { learn, newProfile, PER_REVIEW, readProfile, writeProfile } from './course-profile.js';
import { findCopy } from './near-copy.js';
import type { RulesThresholds } from './rules-thresholds.js';
import { suspicionOf, verdictOf } from './suspicion.js';
import { weekHistoryOf } from './week-history.js';

/** Assesses a review that came in a file. It goes straight into the course's history, whatever day it is of. */
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
  const copy = suspicionOf('near-copy', isCopy, similarity, thresholds.copySimilarityPercent);
  return { verdict: verdictOf([copy]), alsoHold: [] };
};
