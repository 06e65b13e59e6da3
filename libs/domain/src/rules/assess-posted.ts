import type { Assessment, CourseMemory, ReviewFeatures } from '../fraud-detector.js';
import { cellOfReview, starLevelOf } from './cell.js';
import { readProfile, writeProfile } from './course-profile.js';
import { scoreOfKeptHold } from './kept-hold.js';
import { findCopy } from './near-copy.js';
import { type BurstFinding, findBurst } from './rating-burst.js';
import { countedAsBefore, countToday, holdBurst, recentCourseOf, rememberReview } from './recent-course.js';
import { findRewrites } from './rewrite-rate.js';
import type { RulesThresholds } from './rules-thresholds.js';
import { BURST, laterVerdictOf, suspicionOf, verdictOf } from './suspicion.js';

const NO_BURST: BurstFinding = { decibans: 0, burst: null };

/** Assesses a review that was posted. */
export const assessPosted = (
  features: ReviewFeatures,
  memory: CourseMemory,
  thresholds: RulesThresholds,
): Assessment => {
  const { userId, writtenAtMs } = features;
  const course = recentCourseOf(features, memory, readProfile(memory));
  const known = course.reviews.find(userId);
  const copy = findCopy(features, memory, course.profile, thresholds);
  const rewrites = findRewrites(known?.submittedAtS ?? [], Math.floor(writtenAtMs / 1000), thresholds);

  const submitted = { userId, cell: cellOfReview(features), submittedAtS: rewrites.submittedAtS };
  const kept = scoreOfKeptHold(features);
  const isNews = kept === null && isNewRating(features);
  const review = (isNews ? countToday : countedAsBefore)(course, known, submitted);
  const { decibans, burst } = isNews ? findBurst(course, review.cell, thresholds) : NO_BURST;

  const burstSuspicion = suspicionOf(BURST, burst !== null, decibans, thresholds.burstMinDecibans);
  const verdict = verdictOf([
    suspicionOf('near-copy', copy.isCopy, copy.similarity, thresholds.copySimilarityPercent),
    kept === null ? burstSuspicion : { reason: BURST, holds: true, score: kept },
    suspicionOf(
      'rewrite-rate',
      rewrites.isImplausible,
      rewrites.submissions - 1,
      thresholds.rewriteMaxSubmissions,
    ),
  ]);
  rememberReview(course, review, verdict.kind);
  const later = burst === null ? [] : holdBurst(course, burst);
  course.days.save();
  writeProfile(memory, copy.profile);
  return {
    verdict,
    alsoHold: later.map((earlier) => ({ userId: earlier.userId, verdict: laterVerdictOf(burstSuspicion) })),
  };
};

/** Whether the published ratings change: an edit of the text alone is no news for a burst. */
const isNewRating = ({ halfStars, replaces }: ReviewFeatures): boolean =>
  replaces === null ||
  replaces.verdict.kind === 'held' ||
  starLevelOf(replaces.halfStars) !== starLevelOf(halfStars);
