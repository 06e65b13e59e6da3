import type { EventTimeMs } from './day.js';
import type { FraudDetector } from './fraud-detector.js';
import type { ContentHash, SubmissionId } from './identifiers.js';
import type { ReviewCommand, SubmitReview } from './review-command.js';
import type { Cause, CountedReview, PublishedReview, ReviewChange } from './review-fact.js';
import type { Verdict } from './verdict.js';

/** Submission ids remembered per review: a retry later than this many attempts is not recognised. */
export const REMEMBERED_SUBMISSIONS = 8;

/** What the fraud-detector remembers of one review. No text. */
export interface LedgerEntry {
  /** Null after a withdrawal. */
  readonly live: LiveReview | null;
  /** When the live content, or the withdrawal, was written. */
  readonly modifiedAtMs: EventTimeMs;
  /** Offset in `reviews` of the last command that changed this entry. */
  readonly causeOffset: number;
  /** Oldest first, at most {@link REMEMBERED_SUBMISSIONS}. */
  readonly submissionIds: readonly SubmissionId[];
}

export interface LiveReview extends CountedReview {
  readonly contentHash: ContentHash;
  readonly verdict: Verdict;
}

/** A command with what the log says of it. */
export interface AppendedCommand {
  readonly command: ReviewCommand;
  readonly offset: number;
  readonly appendTimeMs: EventTimeMs;
}

/** What the ledger makes of a command. `entry` is null when nothing is to be remembered. */
export interface LedgerDecision {
  readonly entry: LedgerEntry | null;
  /** For `reviews-valid`; null: nothing changes there. */
  readonly valid: UncausedChange | null;
  /** For `reviews-fraud`; null: nothing changes there. */
  readonly held: UncausedHold | null;
}

type UncausedChange = Pick<ReviewChange, 'before' | 'after'>;
interface UncausedHold extends UncausedChange {
  readonly verdict: Verdict | null;
}

/**
 * Decides what a command does to its review. Attempts seen before, the same content again, and imported rows older
 * than what they would replace do nothing.
 */
export const decide = (
  entry: LedgerEntry | null,
  appended: AppendedCommand,
  detector: FraudDetector,
): LedgerDecision => {
  const { command } = appended;
  if (entry?.submissionIds.includes(command.submissionId)) return nothing(entry);
  switch (command.kind) {
    case 'submitted':
      return decideSubmission(entry, appended, command, detector);
    case 'withdrawn':
      return decideWithdrawal(entry, appended);
  }
};

const decideSubmission = (
  entry: LedgerEntry | null,
  appended: AppendedCommand,
  command: SubmitReview,
  detector: FraudDetector,
): LedgerDecision => {
  const writtenAtMs = command.createdAtMs ?? appended.appendTimeMs;
  const live = entry?.live ?? null;
  if (entry !== null && command.imported && writtenAtMs < entry.modifiedAtMs)
    return nothing(remember(entry, command.submissionId));
  if (live?.contentHash === command.contentHash) return nothing(remember(entry, command.submissionId));

  const verdict = detector.assess(command);
  const counted: CountedReview = {
    halfStars: command.halfStars,
    createdAtMs: live?.createdAtMs ?? writtenAtMs,
    modifiedAtMs: writtenAtMs,
  };
  const { imported, courseTitle, title, content } = command;
  const after: PublishedReview = { ...counted, imported, courseTitle, title, content };
  return {
    entry: {
      live: { ...counted, contentHash: command.contentHash, verdict },
      modifiedAtMs: writtenAtMs,
      causeOffset: appended.offset,
      submissionIds: withSubmission(entry, command.submissionId),
    },
    ...split(live, after, verdict),
  };
};

const decideWithdrawal = (entry: LedgerEntry | null, appended: AppendedCommand): LedgerDecision => {
  const { submissionId } = appended.command;
  // Withdrawing nothing leaves no trace, so that deletions of made-up reviews cannot fill the ledger.
  if (entry === null) return nothing(null);
  if (entry.live === null) return nothing(remember(entry, submissionId));
  return {
    entry: {
      live: null,
      modifiedAtMs: appended.appendTimeMs,
      causeOffset: appended.offset,
      submissionIds: withSubmission(entry, submissionId),
    },
    ...split(entry.live, null, null),
  };
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
      wasHeld || isHeld ? { before: wasHeld ? before : null, after: isHeld ? after : null, verdict } : null,
  };
};

const countedPartOf = ({ halfStars, createdAtMs, modifiedAtMs }: CountedReview): CountedReview => ({
  halfStars,
  createdAtMs,
  modifiedAtMs,
});

const nothing = (entry: LedgerEntry | null): LedgerDecision => ({ entry, valid: null, held: null });

const remember = (entry: LedgerEntry | null, id: SubmissionId): LedgerEntry | null =>
  entry === null ? null : { ...entry, submissionIds: withSubmission(entry, id) };

const withSubmission = (entry: LedgerEntry | null, id: SubmissionId): readonly SubmissionId[] =>
  [...(entry?.submissionIds ?? []), id].slice(-REMEMBERED_SUBMISSIONS);

/** The cause of the next fact of a command: one more than the last fact's ordinal if that command made it, else 0. */
export const nextCause = (last: Cause, offset: number): Cause =>
  last.offset === offset ? { offset, ordinal: last.ordinal + 1 } : { offset, ordinal: 0 };
