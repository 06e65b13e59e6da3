import type { RedriveOutcome } from '@reviews/streams';
import { formatCount } from '../format-number.js';

/** What a redrive says of a letter. */
export type ReportedOutcome =
  | RedriveOutcome
  /** It came back from an earlier redrive, and nobody named it. */
  | 'came-back'
  /** There is no such letter. */
  | 'unknown'
  /** It would be sent. */
  | 'would-redrive';

const TEXTS: Readonly<Record<ReportedOutcome, string>> = {
  redriven: 'redriven',
  'would-redrive': 'would be redriven',
  'already-redriven': 'already redriven',
  'came-back': 'left: came back from an earlier redrive (name it, or add --returned)',
  'foreign-origin': 'cannot be redriven: made of a record of another topic or partition',
  'not-copied': 'cannot be redriven: its original was too large to be copied, and stands at its origin',
  'marker-key': 'cannot be redriven: its key is four zero bytes, which the client takes for an abort marker',
  unknown: 'unknown: there is no such letter',
};

/** Outcomes that leave something undone which was asked for. */
const FAILURES: readonly ReportedOutcome[] = ['unknown', 'foreign-origin', 'not-copied', 'marker-key'];

/** What became of each letter, by id, in the order it became certain. */
export type RedriveReport = ReadonlyMap<string, ReportedOutcome>;

/** One line per letter that was named or could not be sent, and how many of each kind. */
export const redriveReportLines = (report: RedriveReport, named: ReadonlySet<string>): readonly string[] => {
  const counts = new Map<ReportedOutcome, number>();
  for (const outcome of report.values()) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [
    ...[...report]
      .filter(([id, outcome]) => named.has(id) || FAILURES.includes(outcome))
      .map(([id, outcome]) => `${id}  ${TEXTS[outcome]}`),
    counts.size === 0
      ? 'No letters to redrive: none.'
      : `Letters: ${[...counts].map(([outcome, count]) => `${formatCount(count)} ${shortText(outcome)}`).join(', ')}.`,
  ];
};

/** For programs: ids by outcome. */
export const redriveReportJson = (report: RedriveReport): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.keys(TEXTS).map((outcome) => [
      outcome,
      [...report].filter((entry) => entry[1] === outcome).map(([id]) => id),
    ]),
  );

/** How many letters were named and not sent. One that never can be must not fail every `--all` until it expires. */
export const failuresIn = (report: RedriveReport, named: ReadonlySet<string>): number =>
  [...report].filter(([id, outcome]) => named.has(id) && FAILURES.includes(outcome)).length;

const shortText = (outcome: ReportedOutcome): string => TEXTS[outcome].split(/[:(]/)[0]?.trim() ?? outcome;
