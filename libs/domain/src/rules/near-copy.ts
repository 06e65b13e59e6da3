import type { CourseMemory, ReviewFeatures } from '../fraud-detector.js';
import type { CourseProfile } from './course-profile.js';
import { knownTextsOf } from './known-texts.js';
import type { RulesThresholds } from './rules-thresholds.js';
import { shinglesOf, similarityPercent, textSignatureOf } from './text-signature.js';

/** What comparing a text with others of its course brought. */
export interface CopyFinding {
  /** Likeness to the most similar text of another user, in percent; 0 when there is nothing to compare. */
  readonly similarity: number;
  readonly isCopy: boolean;
  readonly profile: CourseProfile;
}

/**
 * Whether a review's text is a copy of another user's of the same course, and remembers it. The later one is the copy:
 * the first stays, or copying an honest review would be a way to silence it. A user who edits his text is not taken for a
 * copy of those who copied it, as long as it stays alike: one who replaces it and later returns to it comes after those who
 * copied it meanwhile, and is held. Only the last text of a user is remembered.
 */
export const findCopy = (
  { userId, title, content }: ReviewFeatures,
  memory: CourseMemory,
  profile: CourseProfile,
  thresholds: RulesThresholds,
): CopyFinding => {
  const signature = textSignatureOf(`${title ?? ''} ${content ?? ''}`);
  if (shinglesOf(signature) < thresholds.copyMinShingles) return { similarity: 0, isCopy: false, profile };

  const texts = knownTextsOf(memory);
  const own = texts.find(userId);
  const isOwnEdit =
    own !== undefined && similarityPercent(own.signature, signature) >= thresholds.copySimilarityPercent;
  const order = isOwnEdit ? own.order : profile.textOrder;
  const similarity = texts.highestSimilarity(signature, (other) => other < order && other !== own?.order);

  const text = { userId, order, signature };
  if (own === undefined) texts.add(text, profile.textsRemembered);
  else texts.replace(text);
  return {
    similarity,
    isCopy: similarity >= thresholds.copySimilarityPercent,
    profile: {
      ...profile,
      textsRemembered: profile.textsRemembered + (own === undefined ? 1 : 0),
      textOrder: profile.textOrder + (isOwnEdit ? 0 : 1),
    },
  };
};
