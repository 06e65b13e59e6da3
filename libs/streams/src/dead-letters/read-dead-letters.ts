import { offsetOf, type Offset } from '../offset.js';
import type { StreamRecord } from '../records.js';
import { StreamsError } from '../streams-error.js';
import { parseDeadLetter, type DeadLetter } from './dead-letter.js';
import type { DeadLetterLog, DeadLetterTopics, OffsetRange } from './dead-letter-log.js';
import { refusalOf, type RedriveRefusal } from './redrive-refusal.js';
import { redrivenFrom } from './redriven-from.js';
import { readRedrivenLetters, type Redriven } from './redriven-letters.js';

/** A letter with what became of it. */
export interface ListedLetter {
  readonly letter: DeadLetter;
  /** Undefined when it was not sent again. */
  readonly redriven: Redriven | undefined;
  /** Why it cannot be sent again; undefined when it can. */
  readonly refusal: RedriveRefusal | 'no-redrives' | undefined;
  /** How often this record was sent again before and came back, as far as its earlier letters are still there. */
  readonly cameBack: number;
}

/**
 * Hands over every letter of a partition, oldest first. Letters hold slices of what was fetched: copy what is kept.
 *
 * @param only the offsets to look at; default: all
 * @returns how many records of the partition are no letters: somebody else wrote them
 */
export const readDeadLetters = async (
  log: Pick<DeadLetterLog, 'read' | 'offsetsOf'>,
  { deadLetters, redrive }: DeadLetterTopics,
  partition: number,
  onLetter: (listed: ListedLetter) => void,
  only?: OffsetRange,
): Promise<number> => {
  const letters = { topic: deadLetters, partition };
  const { low, high } = await log.offsetsOf(letters);
  const redrives = redrive && { topic: redrive.redrives, partition };
  const redriven =
    redrives && (await readRedrivenLetters(log, redrives, (await log.offsetsOf(redrives)).high));
  const cameBack = new Map<Offset, number>();
  let foreign = 0;
  await log.read(letters, rangeWithin(low, high, only), (records) => {
    for (const record of records) {
      const letter = letterOf(record);
      if (letter === undefined) {
        foreign += 1;
        continue;
      }
      const before = redrivenFrom(letter.original, letters);
      if (before !== undefined) cameBack.set(letter.offset, (cameBack.get(before) ?? 0) + 1);
      onLetter({
        letter,
        redriven: redriven?.of(letter),
        refusal: redrive ? refusalOf(letter, { topic: redrive.source, partition }) : 'no-redrives',
        cameBack: cameBack.get(letter.offset) ?? 0,
      });
    }
  });
  return foreign;
};

/** The letter a record is; undefined when it is none. */
export const letterOf = (record: StreamRecord): DeadLetter | undefined => {
  try {
    return parseDeadLetter(record);
  } catch (error) {
    if (error instanceof StreamsError && error.code === 'POISON_RECORD') return undefined;
    throw error;
  }
};

const rangeWithin = (low: Offset, high: Offset, only: OffsetRange | undefined): OffsetRange => ({
  from: offsetOf(Math.max(low, only?.from ?? low)),
  end: offsetOf(Math.min(high, only?.end ?? high)),
});
