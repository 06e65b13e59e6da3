import type { EventTimeMs } from './day.js';
import type { Assessment, LaterHold, ReviewFeatures } from './fraud-detector.js';
import type { ContentHash, SubmissionId } from './identifiers.js';
import type { ReviewCommand, SubmitReview } from './review-command.js';
import type { Cause, CountedReview, PublishedReview, ReviewChange, ReviewHeld } from './review-fact.js';
import type { HeldVerdict, Verdict } from './verdict.js';

/** Submission ids remembered per review: a retry later than this many attempts is not recognised. */
export const REMEMBERED_SUBMISSIONS = 8;

/** What the fraud-detector remembers of one review. No text. */
export interface LedgerEntry {
  /** Null after a withdrawal. */
  readonly live: LiveReview | null;
  /**
   * Offset in `reviews` of the last word on this review: the command that made it what it is, or a later one that said
   * the same. A dead letter sent again counts where it stood at first. The live content is to be found there.
   */
  readonly causeOffset: number;
  /** Oldest first, at most {@link REMEMBERED_SUBMISSIONS}. */
  readonly submissionIds: readonly SubmissionId[];
}

export interface LiveReview extends CountedReview {
  readonly imported: boolean;
  readonly contentHash: ContentHash;
  readonly verdict: Verdict;
}

/** A command with what the log says of it. */
export interface AppendedCommand {
  readonly command: ReviewCommand;
  readonly offset: number;
  readonly appendTimeMs: EventTimeMs;
  /** Where it was appended first, when this is a dead letter sent again; else null. */
  readonly redrivenFrom: number | null;
}

/** What the ledger makes of a command. */
export interface LedgerDecision {
  readonly entry: LedgerEntry;
  /** For `reviews-valid`; null: nothing changes there. */
  readonly valid: UncausedChange | null;
  /** For `reviews-fraud`; null: nothing changes there. */
  readonly held: UncausedHold | null;
  /** Earlier reviews to be looked up and given to {@link holdLater}. */
  readonly alsoHold: readonly LaterHold[];
}

type UncausedChange = Pick<ReviewChange, 'before' | 'after'>;
type UncausedHold = Pick<ReviewHeld, 'before' | 'after' | 'verdict' | 'textOffset'>;

/**
 * Decides what a command does to its review. Attempts seen before, the same content again, imported rows older than the
 * live content, and dead letters sent again after their review has moved on do nothing.
 *
 * @param assess asks the detector; called only when there is something to decide
 */
export const decide = (
  entry: LedgerEntry | null,
  appended: AppendedCommand,
  assess: (features: ReviewFeatures) => Assessment,
): LedgerDecision => {
  const { command, redrivenFrom } = appended;
  if (entry?.submissionIds.includes(command.submissionId)) return nothing(entry);
  if (entry !== null && redrivenFrom !== null && entry.causeOffset > redrivenFrom)
    return nothing(remember(entry, command));
  switch (command.kind) {
    case 'submitted':
      return decideSubmission(entry, appended, command, assess);
    case 'withdrawn':
      return decideWithdrawal(entry, appended);
  }
};

/**
 * Decides what becomes of an earlier review that a detector wants held now.
 *
 * @returns null when there is nothing to hold: it was withdrawn since, or is held already
 */
export const holdLater = (entry: LedgerEntry, verdict: HeldVerdict): LedgerDecision | null => {
  const { live } = entry;
  if (live?.verdict.kind !== 'valid') return null;
  const after = {
    ...countedPartOf(live),
    imported: live.imported,
    courseTitle: null,
    title: null,
    content: null,
  };
  return {
    entry: { ...entry, live: { ...live, verdict } },
    valid: { before: countedPartOf(live), after: null },
    held: { before: null, after, verdict, textOffset: entry.causeOffset },
    alsoHold: [],
  };
};

const decideSubmission = (
  entry: LedgerEntry | null,
  appended: AppendedCommand,
  command: SubmitReview,
  assess: (features: ReviewFeatures) => Assessment,
): LedgerDecision => {
  const writtenAtMs = command.createdAtMs ?? appended.appendTimeMs;
  const live = entry?.live ?? null;
  if (entry !== null && live !== null) {
    if (command.imported && writtenAtMs < live.modifiedAtMs) return nothing(remember(entry, command));
    // Said again, it is the last word on the review, whatever dead letters from before come back.
    if (live.contentHash === command.contentHash)
      return nothing({ ...remember(entry, command), causeOffset: saidAt(appended) });
  }
  const { verdict, alsoHold } = assess(featuresOf(command, writtenAtMs, live));
  const counted: CountedReview = {
    halfStars: command.halfStars,
    createdAtMs: live?.createdAtMs ?? writtenAtMs,
    modifiedAtMs: writtenAtMs,
  };
  const { imported, courseTitle, title, content } = command;
  const after: PublishedReview = { ...counted, imported, courseTitle, title, content };
  return {
    entry: {
      live: { ...counted, imported, contentHash: command.contentHash, verdict },
      causeOffset: saidAt(appended),
      submissionIds: withSubmission(entry, command),
    },
    ...split(live, after, verdict),
    alsoHold,
  };
};

const featuresOf = (
  { reviewId, courseId, userId, halfStars, title, content, imported }: SubmitReview,
  writtenAtMs: EventTimeMs,
  live: LiveReview | null,
): ReviewFeatures => ({
  reviewId,
  courseId,
  userId,
  halfStars,
  title,
  content,
  writtenAtMs,
  imported,
  replaces: live === null ? null : { halfStars: live.halfStars, verdict: live.verdict },
});

const decideWithdrawal = (entry: LedgerEntry | null, appended: AppendedCommand): LedgerDecision => {
  const live = entry?.live ?? null;
  // Remembered even when there was nothing: its delayed retry must not withdraw what was submitted since.
  const withdrawn: LedgerEntry = {
    live: null,
    causeOffset: saidAt(appended),
    submissionIds: withSubmission(entry, appended.command),
  };
  return live === null ? nothing(withdrawn) : { entry: withdrawn, ...split(live, null, null), alsoHold: [] };
};

/** Sends each side of a change to the topic its verdict belongs to. */
const split = (
  live: LiveReview | null,
  after: PublishedReview | null,
  verdict: Verdict | null,
): Pick<LedgerDecision, 'valid' | 'held'> => {
  const before = live === null ? null : countedPartOf(live);
  const wasValid = live?.verdict.kind === 'valid';
  const wasHeld = live?.verdict.kind === 'held';
  const isValid = verdict?.kind === 'valid';
  const isHeld = verdict?.kind === 'held';
  return {
    valid: wasValid || isValid ? { before: wasValid ? before : null, after: isValid ? after : null } : null,
    held:
      wasHeld || isHeld
        ? { before: wasHeld ? before : null, after: isHeld ? after : null, verdict, textOffset: null }
        : null,
  };
};

const countedPartOf = ({ halfStars, createdAtMs, modifiedAtMs }: CountedReview): CountedReview => ({
  halfStars,
  createdAtMs,
  modifiedAtMs,
});

const nothing = (entry: LedgerEntry): LedgerDecision => ({ entry, valid: null, held: null, alsoHold: [] });

const remember = (entry: LedgerEntry, command: ReviewCommand): LedgerEntry => ({
  ...entry,
  submissionIds: withSubmission(entry, command),
});

/** Letters of one review that are sent again one after the other are so in the order they were written. */
const saidAt = ({ offset, redrivenFrom }: AppendedCommand): number => redrivenFrom ?? offset;

const withSubmission = (
  entry: LedgerEntry | null,
  { submissionId }: ReviewCommand,
): readonly SubmissionId[] => [...(entry?.submissionIds ?? []), submissionId].slice(-REMEMBERED_SUBMISSIONS);

/** The cause of the next fact of a command: one more than the last fact's ordinal if that command made it, else 0. */
export const nextCause = (last: Cause, offset: number): Cause =>
  last.offset === offset ? { offset, ordinal: last.ordinal + 1 } : { offset, ordinal: 0 };
