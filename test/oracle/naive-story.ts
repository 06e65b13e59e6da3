/** One command of `reviews` as the oracle reads it. Verdicts are drawn by the test: they are input, not a rule. */
export type NaiveCommand = NaiveSubmission | NaiveWithdrawal;

interface Sent {
  readonly offset: number;
  readonly appendTimeMs: number;
  readonly courseId: string;
  readonly userId: string;
  readonly submissionId: string;
  /** Offset of the dead letter that this repeats; null for what a client sent. */
  readonly redrivenFrom: number | null;
}

export interface NaiveSubmission extends Sent {
  readonly kind: 'submitted';
  readonly halfStars: number;
  readonly title: string | null;
  readonly content: string | null;
  readonly courseTitle: string | null;
  readonly imported: boolean;
  /** An imported row's own date. */
  readonly createdAtMs: number | null;
  readonly held: boolean;
  /** Users whose reviews of the same course are held now that this one was looked at. */
  readonly alsoHold: readonly string[];
}

export interface NaiveWithdrawal extends Sent {
  readonly kind: 'withdrawn';
}

/** What can happen to one review: a command of its own, or that another review's command got it held. */
export type NaiveEvent = NaiveCommand | { readonly kind: 'held-afterwards'; readonly offset: number };

export interface NaiveReview {
  readonly courseId: string;
  readonly userId: string;
  readonly halfStars: number;
  readonly title: string | null;
  readonly content: string | null;
  readonly courseTitle: string | null;
  readonly imported: boolean;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  readonly held: boolean;
}

/** Where a review stands after all that happened to it. */
export interface NaiveStory {
  readonly live: NaiveReview | null;
  /** Every id that came, oldest first; a known one is not added again. */
  readonly ids: readonly string[];
  /**
   * Offset of the last command that said what this review is to be, also when it was that already. A dead letter from
   * before comes too late.
   */
  readonly saidAt: number | null;
  /** How often the live review became another one. */
  readonly changes: number;
}

const IDS_REMEMBERED = 8;

type Told = Omit<NaiveStory, 'ids'>;

/** Tells a review's story from its beginning. */
export function storyOf(events: readonly NaiveEvent[]): NaiveStory {
  const ids: string[] = [];
  let told: Told = { live: null, saidAt: null, changes: 0 };
  for (const event of events) {
    if (event.kind === 'held-afterwards') told = afterHold(told);
    else if (!ids.includes(event.submissionId, -IDS_REMEMBERED)) {
      ids.push(event.submissionId);
      told = afterCommand(told, event);
    }
  }
  return { ...told, ids };
}

const afterHold = (told: Told): Told =>
  told.live === null || told.live.held
    ? told
    : { ...told, live: { ...told.live, held: true }, changes: told.changes + 1 };

function afterCommand(told: Told, command: NaiveCommand): Told {
  const { live, saidAt, changes } = told;
  const { offset, redrivenFrom } = command;
  if (redrivenFrom !== null && saidAt !== null && saidAt > redrivenFrom) return told;
  if (command.kind === 'submitted' && live !== null && isOlder(command, live)) return told;
  const heard = { ...told, saidAt: redrivenFrom ?? offset };
  if (command.kind === 'withdrawn')
    return live === null ? heard : { ...heard, live: null, changes: changes + 1 };
  return live !== null && isSameContent(command, live)
    ? heard
    : { ...heard, live: liveAfter(live, command), changes: changes + 1 };
}

const writtenAtMsOf = (submission: NaiveSubmission): number =>
  submission.createdAtMs ?? submission.appendTimeMs;

const isOlder = (submission: NaiveSubmission, live: NaiveReview): boolean =>
  submission.imported && writtenAtMsOf(submission) < live.modifiedAtMs;

const liveAfter = (live: NaiveReview | null, submission: NaiveSubmission): NaiveReview => ({
  courseId: submission.courseId,
  userId: submission.userId,
  halfStars: submission.halfStars,
  title: submission.title,
  content: submission.content,
  courseTitle: submission.courseTitle,
  imported: submission.imported,
  createdAtMs: live === null ? writtenAtMsOf(submission) : live.createdAtMs,
  modifiedAtMs: writtenAtMsOf(submission),
  held: submission.held,
});

/** In an import the course's title is content, in a POST it is not. */
function isSameContent(submission: NaiveSubmission, live: NaiveReview): boolean {
  const titleOf = (of: { readonly imported: boolean; readonly courseTitle: string | null }): string | null =>
    of.imported ? of.courseTitle : null;
  return (
    live.halfStars === submission.halfStars &&
    live.title === submission.title &&
    live.content === submission.content &&
    titleOf(live) === titleOf(submission)
  );
}
