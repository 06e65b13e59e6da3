import { courseStateCodec, ledgerEntryCodec } from '@reviews/contracts';
import {
  countChange,
  dayOf,
  decide,
  emptyCourse,
  holdLater,
  nextCause,
  nextChangeDay,
  NO_CAUSE,
  rollThrough,
  type Assessment,
  type Cause,
  type CourseState,
  type EpochDay,
  type EventTimeMs,
  type HeldVerdict,
  type LedgerDecision,
  type LedgerEntry,
  type Receipt,
  type ReviewChanged,
  type ReviewFact,
  type ReviewFeatures,
  type ReviewHeld,
  type ReviewId,
  type StartedDay,
  type UserId,
  type Verdict,
} from '@reviews/domain';
import type { NaiveCommand } from './naive-story.js';
import { addressOf, toReviewCommand } from './product-command.js';

/**
 * One partition, put together from the rules of the domain as the services do it: days wait for the sweep, a touched course
 * is rolled first.
 */
export interface ProductPartition {
  readonly append: (command: NaiveCommand) => void;
  readonly idle: (brokerTimeMs: number) => void;
  readonly skipOffsets: (count: number) => void;
  /** One course is brought to the day reached; false when none is left. */
  readonly sweepOne: () => boolean;
  /** Everything kept is encoded and decoded again. */
  readonly restart: () => void;
  readonly facts: readonly OffsetFact[];
  readonly holds: readonly ReviewHeld[];
  /** What the detector was asked. */
  readonly assessed: readonly ReviewFeatures[];
  readonly entry: (courseId: string, userId: string) => LedgerEntry | null;
  /** As it will be once it is swept: when that happens must make no difference. */
  readonly course: (courseId: string) => CourseState | null;
}

export type OffsetFact = ReviewFact & Receipt;

const HELD: HeldVerdict = {
  kind: 'held',
  score: 100,
  reasons: ['drawn'],
  detectorName: 'drawn',
  detectorVersion: '1',
};
const VALID: Verdict = { kind: 'valid', score: 0, detectorName: 'drawn', detectorVersion: '1' };

export function productPartition(): ProductPartition {
  const entries = new Map<ReviewId, LedgerEntry>();
  const courses = new Map<string, CourseState>();
  const changeDays = new Map<string, EpochDay>();
  const facts: OffsetFact[] = [];
  const holds: ReviewHeld[] = [];
  const assessed: ReviewFeatures[] = [];
  let nextOffset = 0;
  let cause: Cause = NO_CAUSE;
  let day: EpochDay | null = null;
  let unsweptDays: readonly StartedDay[] = [];

  const keep = (courseId: string, course: CourseState): void => {
    courses.set(courseId, course);
    const changeDay = nextChangeDay(course);
    if (changeDay === null) changeDays.delete(courseId);
    else changeDays.set(courseId, changeDay);
  };

  const sweepOne = (): boolean => {
    const reached = day;
    if (reached === null) return false;
    const due = [...changeDays].find(([, changeDay]) => changeDay <= reached)?.[0];
    const course = due === undefined ? undefined : courses.get(due);
    if (due !== undefined && course !== undefined) keep(due, rollThrough(course, unsweptDays));
    const firstChange = Math.min(...changeDays.values());
    unsweptDays = unsweptDays.filter((started) => started.day >= firstChange);
    return course !== undefined;
  };

  const startDay = (brokerTimeMs: number): void => {
    const reached = dayOf(brokerTimeMs);
    if (day !== null && reached <= day) return;
    day = reached;
    const receipt = { offset: nextOffset++, appendTimeMs: brokerTimeMs };
    unsweptDays = [...unsweptDays, { day, receipt }];
    cause = nextCause(cause, cause.offset);
    facts.push({ kind: 'day-started', cause, day, ...receipt });
  };

  const count = (fact: ReviewChanged, receipt: Receipt): void => {
    if (day === null) throw new Error('A review before the first day');
    const course = courses.get(fact.courseId);
    const rolled = course === undefined ? emptyCourse(day) : { ...rollThrough(course, unsweptDays), day };
    const counted = countChange(rolled, fact, receipt);
    if (counted === null) throw new Error(`offset ${receipt.offset}: impossible`);
    keep(fact.courseId, counted);
  };

  const publish = (command: NaiveCommand, userId: string, decision: LedgerDecision): void => {
    const address = addressOf(command.courseId, userId);
    entries.set(address.reviewId, decision.entry);
    const advance = (): Cause => (cause = nextCause(cause, command.offset));
    if (decision.valid !== null) {
      const receipt = { offset: nextOffset++, appendTimeMs: command.appendTimeMs };
      const fact = { kind: 'review-changed', cause: advance(), ...address, ...decision.valid } as const;
      facts.push({ ...fact, ...receipt });
      count(fact, receipt);
    }
    if (decision.held !== null) holds.push({ cause: advance(), ...address, ...decision.held });
  };

  const entry = (courseId: string, userId: string): LedgerEntry | null =>
    entries.get(addressOf(courseId, userId).reviewId) ?? null;

  return {
    append(command) {
      const { courseId, userId, offset, redrivenFrom } = command;
      const appendTimeMs = command.appendTimeMs as EventTimeMs;
      startDay(command.appendTimeMs);
      const appended = { command: toReviewCommand(command), offset, appendTimeMs, redrivenFrom };
      const decision = decide(entry(courseId, userId), appended, (features) => {
        assessed.push(features);
        return assessmentOf(command);
      });
      publish(command, userId, decision);
      for (const later of decision.alsoHold) {
        const earlier = entry(courseId, later.userId);
        const held = earlier === null ? null : holdLater(earlier, later.verdict);
        if (held !== null) publish(command, later.userId, held);
      }
    },
    idle: startDay,
    skipOffsets: (skipped) => (nextOffset += skipped),
    sweepOne,
    restart() {
      for (const [reviewId, kept] of entries)
        entries.set(reviewId, ledgerEntryCodec.decode(ledgerEntryCodec.encode(kept)));
      changeDays.clear();
      for (const [courseId, kept] of courses)
        keep(courseId, courseStateCodec.decode(courseStateCodec.encode(kept)));
    },
    facts,
    holds,
    assessed,
    entry,
    course(courseId) {
      const course = courses.get(courseId);
      return course === undefined ? null : rollThrough(course, unsweptDays);
    },
  };
}

const assessmentOf = (command: NaiveCommand): Assessment =>
  command.kind === 'withdrawn'
    ? { verdict: VALID, alsoHold: [] }
    : {
        verdict: command.held ? HELD : VALID,
        alsoHold: command.alsoHold.map((userId) => ({ userId: userId as UserId, verdict: HELD })),
      };
