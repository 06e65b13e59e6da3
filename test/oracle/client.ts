import { DAY_MS } from './naive-statistics.js';
import type { NaivePartition } from './naive-partition.js';
import type { NaiveCommand, NaiveReview, NaiveSubmission, NaiveWithdrawal } from './naive-story.js';
import {
  ADDRESSES,
  USERS,
  type Address,
  type ImportDate,
  type Operation,
  type Submission,
} from './operations.js';

/** Everybody who writes to `reviews`: turns what was drawn into commands, knowing what was sent and what is live. */
export interface Client {
  /** Null when there is nothing to repeat, or when what was sent is a dead letter now. */
  readonly commandOf: (operation: Command, nowMs: number) => NaiveCommand | null;
  readonly sent: readonly NaiveCommand[];
}

export type Command = Exclude<Operation, { readonly kind: 'roll' | 'pause' | 'restart' }>;

const SOMEBODY = { courseId: 'algebra', userId: 'ann' };

export function client(partition: NaivePartition): Client {
  const sent: NaiveCommand[] = [];
  const deadLetters: NaiveSubmission[] = [];
  let nextOffset = 0;

  const liveReviews = (): readonly NaiveReview[] =>
    ADDRESSES.flatMap(({ courseId, userId }) => partition.story(courseId, userId).live ?? []);

  const unreadable = (pick: number): Address =>
    pick % 2 === 0 ? addressAt(pick) : (deadLetters.at(-1) ?? SOMEBODY);

  const envelope = (nowMs: number) => {
    const offset = nextOffset++;
    const submissionId = offset.toString(16).padStart(32, '0');
    return { offset, appendTimeMs: nowMs, submissionId, redrivenFrom: null };
  };

  const submit = (address: Address, of: Submission, nowMs: number): NaiveSubmission => ({
    kind: 'submitted',
    ...envelope(nowMs),
    courseId: address.courseId,
    userId: address.userId,
    halfStars: of.halfStars,
    title: null,
    content: of.content,
    courseTitle: of.courseTitle,
    imported: of.imported !== null,
    createdAtMs: dateOf(of.imported?.date ?? null, nowMs),
    held: of.held,
    alsoHold: USERS.filter((userId, bit) => userId !== address.userId && (of.alsoHold & (1 << bit)) !== 0),
  });

  const again = (command: NaiveCommand | undefined, nowMs: number): NaiveCommand | null =>
    command === undefined ? null : { ...command, offset: nextOffset++, appendTimeMs: nowMs };

  const redriven = (letter: NaiveSubmission | undefined, nowMs: number): NaiveCommand | null => {
    const command = again(letter, nowMs);
    return command === null || letter === undefined ? null : { ...command, redrivenFrom: letter.offset };
  };

  const made = (operation: Command, nowMs: number): NaiveCommand | null => {
    switch (operation.kind) {
      case 'add':
        return submit(addressAt(operation.pick), operation, nowMs);
      case 'edit':
        return submit(pickOf(liveReviews(), operation.pick) ?? SOMEBODY, operation, nowMs);
      case 'reassess': {
        const live = pickOf(liveReviews(), operation.pick);
        return submit(live ?? SOMEBODY, { ...operation, held: live?.held !== true }, nowMs);
      }
      case 'dead-letter':
        deadLetters.push(submit(unreadable(operation.pick), operation, nowMs));
        return null;
      case 'redrive':
        return redriven(deadLetters.at(-1 - operation.ago), nowMs);
      case 'withdraw':
        return { kind: 'withdrawn', ...envelope(nowMs), ...addressAt(operation.review) };
      case 'same-again': {
        const live = pickOf(liveReviews(), operation.pick);
        return live === undefined ? null : sameAgain(live, operation, envelope(nowMs));
      }
      case 'retry':
        return again(sent.at(-1 - operation.ago), nowMs);
      case 'retry-withdrawal':
        return again(sent.filter(isWithdrawal).at(-1 - operation.ago), nowMs);
    }
  };

  return {
    commandOf(operation, nowMs) {
      const command = made(operation, nowMs);
      if (command !== null) sent.push(command);
      return command;
    },
    sent,
  };
}

const addressAt = (pick: number): Address => ADDRESSES[pick % ADDRESSES.length] ?? SOMEBODY;

const pickOf = (reviews: readonly NaiveReview[], pick: number): NaiveReview | undefined =>
  reviews[pick % Math.max(reviews.length, 1)];

const isWithdrawal = (command: NaiveCommand): command is NaiveWithdrawal => command.kind === 'withdrawn';

const dateOf = (date: ImportDate | null, nowMs: number): number | null =>
  date === null ? null : (Math.floor(nowMs / DAY_MS) - date.daysAgo) * DAY_MS + date.msOfDay;

const sameAgain = (
  live: NaiveReview,
  { imported }: { readonly imported: boolean },
  envelope: Pick<NaiveSubmission, 'offset' | 'appendTimeMs' | 'submissionId' | 'redrivenFrom'>,
): NaiveSubmission => ({
  kind: 'submitted',
  ...envelope,
  courseId: live.courseId,
  userId: live.userId,
  halfStars: live.halfStars,
  title: live.title,
  content: live.content,
  courseTitle: live.courseTitle,
  imported,
  createdAtMs: null,
  held: !live.held,
  alsoHold: [],
});
