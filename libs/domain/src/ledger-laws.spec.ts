import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { liveReviews, type OracleCommand, type OracleReview } from '../../../test/oracle/naive-ledger.js';
import { DAY_MS, dayOf, type EventTimeMs } from './day.js';
import type { Assessment, ReviewFeatures } from './fraud-detector.js';
import type { ContentHash, CourseId, ReviewId, SubmissionId, UserId } from './identifiers.js';
import { decide, type AppendedCommand, type LedgerDecision, type LedgerEntry } from './ledger.js';
import type { HalfStars } from './rating.js';
import type { ReviewCommand } from './review-command.js';
import { countChange } from './count-change.js';
import { emptyCourse } from './course-state.js';

/** A tenth of the full size, 1,000. */
const RUNS = 100;
const CAMPAIGN = { numRuns: RUNS, seed: 1 };

const START_MS = Date.UTC(2026, 10, 21);
const REVIEWS = ['a', 'b'].map((id) => id as ReviewId);
const HELD_BELOW = 3;

/** What a client does; a retry repeats an earlier attempt with its id. */
type Attempt =
  | { readonly kind: 'submit'; readonly review: number; readonly halfStars: number }
  | {
      readonly kind: 'import';
      readonly review: number;
      readonly halfStars: number;
      readonly aheadMs: number | null;
    }
  | { readonly kind: 'withdraw'; readonly review: number }
  | { readonly kind: 'retry'; readonly pick: number };

const review = fc.nat(REVIEWS.length - 1);
// Few ratings, so that the same content comes again.
const halfStars = fc.integer({ min: 1, max: 5 });
const aheadMs = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -50, max: 50 }),
  fc.integer({ min: -DAY_MS, max: DAY_MS }),
);
const attempts = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('submit' as const), review, halfStars }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('import' as const), review, halfStars, aheadMs }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), review }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('retry' as const), pick: fc.nat() }) },
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
);

/** Holds one star and less, so that edits change verdicts both ways. */
const assess = ({ halfStars }: ReviewFeatures): Assessment => {
  const detector = { score: 0, detectorName: 'test', detectorVersion: '1' };
  return {
    verdict:
      halfStars < HELD_BELOW
        ? { kind: 'held', reasons: ['low'], ...detector }
        : { kind: 'valid', ...detector },
    alsoHold: [],
  };
};

describe('the ledger', () => {
  it('agrees with a naive one on every live review', () => {
    fc.assert(
      fc.property(attempts, (drawn) => {
        const commands = commandsOf(drawn);
        const expected = liveReviews(commands.map(toOracleCommand), ({ halfStars }) =>
          halfStars < HELD_BELOW ? 'held' : 'valid',
        );
        expect(liveOf(ledgerAfter(commands).entries)).toEqual(expected);
      }),
      CAMPAIGN,
    );
  });

  it('makes facts that, put together, are exactly the live reviews of each verdict, each beginning where the last ended', () => {
    fc.assert(
      fc.property(attempts, (drawn) => {
        const { entries, decisions } = ledgerAfter(commandsOf(drawn));
        for (const side of ['valid', 'held'] as const) {
          const told = new Map<ReviewId, unknown>();
          for (const { reviewId, decision } of decisions) {
            const change = decision[side];
            if (change === null) continue;
            expect(change.before).toEqual(told.get(reviewId) ?? null);
            expect(change.before ?? change.after).not.toBeNull();
            if (change.after === null) told.delete(reviewId);
            else told.set(reviewId, countedPartOf(change.after));
          }
          const live = [...liveOf(entries)].filter(([, { verdict }]) => verdict === side);
          expect(told).toEqual(new Map(live.map(([id, counted]) => [id, countedPartOf(counted)])));
        }
      }),
      CAMPAIGN,
    );
  });

  it('makes facts that can always be counted', () => {
    fc.assert(
      fc.property(attempts, (drawn) => {
        let course = emptyCourse(dayOf(START_MS));
        ledgerAfter(commandsOf(drawn)).decisions.forEach(({ decision: { valid } }, offset) => {
          if (valid === null) return;
          const counted = countChange(course, valid, { offset, appendTimeMs: 0 });
          expect(counted).not.toBeNull();
          course = counted ?? course;
        });
      }),
      CAMPAIGN,
    );
  });

  it('makes nothing of commands it was given before, while it remembers them', () => {
    fc.assert(
      // Up to eight commands, so that none is forgotten.
      fc.property(fc.array(fc.nat(7), { maxLength: 20 }), attempts, (again, drawn) => {
        const commands = commandsOf(drawn.filter(({ kind }) => kind !== 'retry').slice(0, 8));
        const { entries } = ledgerAfter(commands);
        const last = commands.at(-1);
        for (const pick of again) {
          const repeated = commands[pick];
          if (repeated === undefined || last === undefined) continue;
          const late = { ...repeated, offset: last.offset + 1, appendTimeMs: last.appendTimeMs };
          const decision = decide(entries.get(repeated.command.reviewId) ?? null, late, assess);
          expect(decision).toMatchObject({ valid: null, held: null });
        }
      }),
      CAMPAIGN,
    );
  });
});

/** The log of commands; times mostly go forward, as a broker's do. */
function commandsOf(drawn: readonly Attempt[]): readonly AppendedCommand[] {
  const commands: AppendedCommand[] = [];
  drawn.forEach((attempt, offset) => {
    const appendTimeMs = (START_MS + offset * 10 - (offset % 7 === 6 ? 25 : 0)) as EventTimeMs;
    const command =
      attempt.kind === 'retry'
        ? commands[attempt.pick % Math.max(commands.length, 1)]?.command
        : commandOf(attempt, offset, appendTimeMs);
    if (command !== undefined) commands.push({ command, offset, appendTimeMs, redrivenFrom: null });
  });
  return commands;
}

function commandOf(
  attempt: Exclude<Attempt, { kind: 'retry' }>,
  offset: number,
  appendTimeMs: number,
): ReviewCommand {
  const reviewId = REVIEWS[attempt.review] ?? ('a' as ReviewId);
  const address = {
    reviewId,
    courseId: 'course' as CourseId,
    userId: reviewId as string as UserId,
    submissionId: `attempt ${offset}` as SubmissionId,
  };
  if (attempt.kind === 'withdraw') return { kind: 'withdrawn', ...address };
  const aheadMs = attempt.kind === 'import' ? attempt.aheadMs : null;
  return {
    kind: 'submitted',
    ...address,
    imported: attempt.kind === 'import',
    createdAtMs: aheadMs === null ? null : ((appendTimeMs + aheadMs) as EventTimeMs),
    contentHash: `content ${attempt.halfStars}` as ContentHash,
    halfStars: attempt.halfStars as HalfStars,
    courseTitle: null,
    title: null,
    content: null,
  };
}

function ledgerAfter(commands: readonly AppendedCommand[]): {
  readonly entries: ReadonlyMap<ReviewId, LedgerEntry>;
  readonly decisions: readonly { readonly reviewId: ReviewId; readonly decision: LedgerDecision }[];
} {
  const entries = new Map<ReviewId, LedgerEntry>();
  const decisions = commands.map((appended) => {
    const { reviewId } = appended.command;
    const decision = decide(entries.get(reviewId) ?? null, appended, assess);
    entries.set(reviewId, decision.entry);
    return { reviewId, decision };
  });
  return { entries, decisions };
}

function liveOf(entries: ReadonlyMap<ReviewId, LedgerEntry>): Map<ReviewId, OracleReview> {
  const live = new Map<ReviewId, OracleReview>();
  for (const [reviewId, entry] of entries)
    if (entry.live !== null)
      live.set(reviewId, {
        ...countedPartOf(entry.live),
        contentHash: entry.live.contentHash,
        verdict: entry.live.verdict.kind,
      });
  return live;
}

function toOracleCommand({ command, offset, appendTimeMs }: AppendedCommand): OracleCommand {
  return { ...command, offset, appendTimeMs };
}

const countedPartOf = (review: {
  readonly halfStars: number;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}): Pick<OracleReview, 'halfStars' | 'createdAtMs' | 'modifiedAtMs'> => ({
  halfStars: review.halfStars,
  createdAtMs: review.createdAtMs,
  modifiedAtMs: review.modifiedAtMs,
});
