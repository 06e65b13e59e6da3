import { isLaterCause, NO_CAUSE, type CountedReview, type ReviewHeld } from '@reviews/domain';
import { client, type Command } from './client.js';
import { differentRecord, differentReview, differentStatistics } from './difference.js';
import { DAY_MS } from './naive-statistics.js';
import { naivePartition, type NaivePartition } from './naive-partition.js';
import type { NaiveCommand, NaiveStory } from './naive-story.js';
import { ADDRESSES, COURSES, type Step } from './operations.js';
import { productPartition, type OffsetFact, type ProductPartition } from './product-partition.js';

/** Early enough that a sequence passes 29 February 2028. */
const START_MS = Date.UTC(2027, 9, 1, 12);

/** How many operations were compared, and what became of the commands among them. */
export interface Happened {
  operations: number;
  readonly outcomes: Record<string, number>;
}

/**
 * Lets a sequence happen to the oracle and to the product, and compares them after every step.
 *
 * @throws Error at the first difference; its message names the step
 */
export function runSequence(steps: readonly Step[], happened: Happened): void {
  const oracle = naivePartition();
  const product = productPartition();
  const learners = client(oracle);
  const compared = { facts: 0, holds: 0 };
  const told = toldSoFar(product);
  let nowMs = START_MS;

  const send = (operation: Command): void => {
    const command = learners.commandOf(operation, nowMs);
    if (command !== null) countOutcome(happened, appendToBoth(oracle, product, command));
    product.sweepOne();
  };

  const perform = ({ operation, passMs, gap }: Step): void => {
    nowMs = timeAfter(nowMs, passMs);
    oracle.skipOffsets(gap);
    product.skipOffsets(gap);
    if (operation.kind === 'roll' || operation.kind === 'pause') nowMs += operation.days * DAY_MS;
    if (operation.kind === 'restart') product.restart();
    else if (operation.kind === 'roll') {
      oracle.idle(nowMs);
      product.idle(nowMs);
      if (operation.sweep === 'over restarts')
        do product.restart();
        while (product.sweepOne());
    } else if (operation.kind !== 'pause') send(operation);
  };

  steps.forEach((step, index) => {
    const fail = (difference: string): never => {
      throw new Error(`step ${index}, ${JSON.stringify(step)}: ${difference}`);
    };
    try {
      perform(step);
      told.readOn();
    } catch (error) {
      fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const { holds } = compared;
    const difference =
      differentRecord(oracle, product, compared) ??
      misplacedText(oracle, product, learners.sent, holds) ??
      differentReview(oracle, product, ADDRESSES) ??
      differentStatistics(oracle, product, COURSES);
    if (difference !== null) fail(difference);
    happened.operations++;
  });
}

function timeAfter(nowMs: number, passMs: Step['passMs']): number {
  const nextMidnight = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  switch (passMs) {
    case 'to midnight':
      return nextMidnight;
    case 'to just before midnight':
      return nextMidnight - 1;
    default:
      return nowMs + passMs;
  }
}

/** The detector is asked for each submission that changes something, and for nothing else. */
function appendToBoth(oracle: NaivePartition, product: ProductPartition, command: NaiveCommand): string {
  const { courseId, userId } = command;
  const was = oracle.story(courseId, userId);
  const holdsBefore = oracle.holds.length;
  const askedBefore = product.assessed.length;
  oracle.append(command);
  product.append(command);
  const is = oracle.story(courseId, userId);
  const isAsked = command.kind === 'submitted' && is.changes > was.changes;
  const asked = product.assessed.slice(askedBefore);
  if (asked.length !== (isAsked ? 1 : 0)) throw new Error(`the detector was asked ${asked.length} times`);
  const features = asked[0];
  if (
    features !== undefined &&
    (features.writtenAtMs !== is.live?.modifiedAtMs ||
      features.imported !== is.live.imported ||
      features.replaces?.halfStars !== was.live?.halfStars ||
      (features.replaces?.verdict.kind === 'held') !== (was.live?.held === true))
  )
    throw new Error(`the detector was asked about ${JSON.stringify(features)}`);
  const isLaterHold = oracle.holds.slice(holdsBefore).some((hold) => hold.userId !== userId);
  return isLaterHold ? 'holds earlier reviews' : nameOf(command, was, is);
}

function nameOf(command: NaiveCommand, was: NaiveStory, is: NaiveStory): string {
  if (is.ids.length === was.ids.length) return 'known id';
  if (command.kind === 'withdrawn') return was.live === null ? 'withdraws nothing' : 'withdraws';
  if (is.changes === was.changes)
    return is.saidAt === was.saidAt ? 'too late: older import or dead letter' : 'same content';
  if (was.live === null || is.live === null) return was.ids.length === 0 ? 'first submission' : 'starts anew';
  if (was.live.held !== is.live.held) return is.live.held ? 'edit gets it held' : 'edit clears it';
  return 'edit';
}

/** The first hold without text that does not name a command of its review with that text; null when there is none. */
function misplacedText(
  oracle: NaivePartition,
  product: ProductPartition,
  sent: readonly NaiveCommand[],
  firstHold: number,
): string | null {
  for (let i = firstHold; i < product.holds.length; i++) {
    const { textOffset } = product.holds[i] ?? { textOffset: null };
    const { courseId, userId, after } = oracle.holds[i] ?? { after: null };
    if (textOffset === null || after === null) continue;
    // A dead letter sent again has its text where it stood at first, too.
    const named = sent.findLast(({ offset, redrivenFrom }) => (redrivenFrom ?? offset) === textOffset);
    const isThere =
      named?.kind === 'submitted' &&
      named.courseId === courseId &&
      named.userId === userId &&
      named.title === after.title &&
      named.content === after.content;
    if (!isThere) return `hold ${i}: no text of ${courseId}/${userId} at ${textOffset}`;
  }
  return null;
}

/** Folds what the product says, on each topic by itself: every `before` is the last `after` of its review. */
function toldSoFar(product: ProductPartition): { readonly readOn: () => void } {
  const sides = [product.facts, product.holds].map((records) => ({
    records,
    read: 0,
    cause: NO_CAUSE,
    live: new Map<string, CountedReview>(),
  }));

  const read = (side: (typeof sides)[number], record: OffsetFact | ReviewHeld): void => {
    if (!isLaterCause(record.cause, side.cause)) throw new Error(`cause of ${JSON.stringify(record)}`);
    side.cause = record.cause;
    if (!('before' in record)) return;
    const { reviewId, before, after } = record;
    if (!isSame(side.live.get(reviewId) ?? null, before)) throw new Error(`before ${JSON.stringify(record)}`);
    if (before === null && after === null) throw new Error(`nothing at ${JSON.stringify(record)}`);
    if ('verdict' in record && (record.verdict?.kind === 'held') !== (after !== null))
      throw new Error(`verdict of ${JSON.stringify(record)}`);
    if (after === null) side.live.delete(reviewId);
    else side.live.set(reviewId, after);
  };

  const expectLive = (side: (typeof sides)[number], kind: 'valid' | 'held'): void => {
    let live = 0;
    for (const { courseId, userId } of ADDRESSES) {
      const entry = product.entry(courseId, userId);
      if (entry?.live?.verdict.kind === kind) live++;
    }
    if (live !== side.live.size) throw new Error(`${side.live.size} ${kind} reviews told, ${live} are live`);
  };

  return {
    readOn() {
      for (const side of sides) {
        for (const record of side.records.slice(side.read)) read(side, record);
        side.read = side.records.length;
      }
      sides.forEach((side, index) => {
        expectLive(side, index === 0 ? 'valid' : 'held');
      });
    },
  };
}

const isSame = (a: CountedReview | null, b: CountedReview | null): boolean =>
  a?.halfStars === b?.halfStars && a?.createdAtMs === b?.createdAtMs && a?.modifiedAtMs === b?.modifiedAtMs;

const countOutcome = ({ outcomes }: Happened, outcome: string): void => {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
};
