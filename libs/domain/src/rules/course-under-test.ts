import { DAY_MS, type EventTimeMs } from '../day.js';
import type { Assessment, CourseMemory, ReviewFeatures } from '../fraud-detector.js';
import type { CourseId, ReviewId, UserId } from '../identifiers.js';
import type { HalfStars } from '../rating.js';
import type { Verdict } from '../verdict.js';
import { rulesFraudDetector } from './rules-fraud-detector.js';
import { DEFAULT_RULES, type RulesThresholds } from './rules-thresholds.js';

/** A submission as a spec writes it. */
export interface Submission {
  readonly user: string;
  readonly stars: number;
  readonly text?: string | null;
  /** Days since the course began; with a fraction for the time of day. */
  readonly day: number;
}

/** A course with its memory and the live verdicts, for specs: what the ledger does, as far as a detector notices. */
export interface CourseUnderTest {
  readonly memory: Map<string, Uint8Array>;
  readonly live: ReadonlyMap<string, { readonly stars: number; readonly verdict: Verdict }>;
  post(submission: Submission): Assessment;
  importRow(submission: Submission): Assessment;
  withdraw(user: string): void;
  /** Users whose live review is held. */
  held(): readonly string[];
}

const FIRST_DAY = 17_000;

export const courseUnderTest = (
  thresholds: Partial<RulesThresholds> = {},
  memory = new Map<string, Uint8Array>(),
): CourseUnderTest => {
  const detector = rulesFraudDetector({ ...DEFAULT_RULES, ...thresholds });
  const live = new Map<string, { stars: number; verdict: Verdict }>();
  const assess = (submission: Submission, imported: boolean): Assessment => {
    const { user, stars } = submission;
    const replaced = live.get(user);
    const features: ReviewFeatures = {
      reviewId: `review-of-${user}` as ReviewId,
      courseId: 'course' as CourseId,
      userId: user as UserId,
      halfStars: (2 * stars) as HalfStars,
      title: null,
      content: submission.text ?? null,
      writtenAtMs: Math.round((FIRST_DAY + submission.day) * DAY_MS) as EventTimeMs,
      imported,
      replaces:
        replaced === undefined
          ? null
          : { halfStars: (2 * replaced.stars) as HalfStars, verdict: replaced.verdict },
    };
    const assessment = detector.assess(features, memoryOf(memory));
    live.set(user, { stars, verdict: assessment.verdict });
    for (const { userId, verdict } of assessment.alsoHold) {
      const earlier = live.get(userId);
      if (earlier?.verdict.kind === 'valid') live.set(userId, { ...earlier, verdict });
    }
    return assessment;
  };
  return {
    memory,
    live,
    post: (submission) => assess(submission, false),
    importRow: (submission) => assess(submission, true),
    withdraw(user) {
      if (live.delete(user)) detector.withdraw?.(user as UserId, memoryOf(memory));
    },
    held: () => [...live].filter(([, { verdict }]) => verdict.kind === 'held').map(([user]) => user),
  };
};

/** A text of its own for each number: that many made-up words. */
export const textOf = (seed: number, words = 60): string => {
  let state = seed * 2_654_435_761 + 1;
  return Array.from({ length: words }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return WORDS[(state >>> 8) % WORDS.length];
  }).join(' ');
};

/** A course with a review every nine days and busier term ends, three to five stars mostly. @returns the next day */
export const quietYears = (course: CourseUnderTest, days: number): number => {
  const stars = [5, 4, 2, 4, 3, 5, 1, 4];
  for (let day = 0, count = 0; day < days; day += 9, count++) {
    const rating = stars[count % stars.length] ?? 3;
    course.post({ user: `learner-${count}`, stars: rating, text: textOf(count + 1), day });
  }
  return days;
};

const memoryOf = (values: Map<string, Uint8Array>): CourseMemory => ({
  get: (key) => values.get(key),
  put: (key, value) => void values.set(key, value),
  delete: (key) => void values.delete(key),
});

const SYLLABLES = ['ba', 'ke', 'li', 'mo', 'nu', 'pa', 're', 'si', 'to', 'vu'];
const WORDS = SYLLABLES.flatMap((a) => SYLLABLES.flatMap((b) => SYLLABLES.map((c) => `${a}${b}${c}`)));
