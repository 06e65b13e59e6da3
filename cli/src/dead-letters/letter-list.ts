import { formatCount } from '../format-number.js';
import { textTable } from '../text-table.js';
import type { LetterSummary } from './letter-summary.js';

/** The letters of a service, as `reviews dead-letters list` shows them. */
export interface LetterList {
  readonly service: string;
  /** The newest ones, oldest first. */
  readonly letters: readonly LetterSummary[];
  /** How many there are, shown or not. */
  readonly total: number;
  readonly byReason: Readonly<Record<string, number>>;
  /** Records of the topic that are no letters. */
  readonly foreign: number;
}

/** Collects letters, partition after partition, without keeping more than are shown of each. */
export class LetterListBuilder {
  readonly #limit: number;
  readonly #byReason = new Map<string, number>();
  #newest: LetterSummary[] = [];
  #total = 0;

  /** @param limit how many letters are shown */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(summary: LetterSummary): void {
    this.#total += 1;
    this.#byReason.set(summary.reason, (this.#byReason.get(summary.reason) ?? 0) + 1);
    this.#newest.push(summary);
    if (this.#newest.length >= 2 * this.#limit + 1_000) this.#dropOldest();
  }

  finish(service: string, foreign: number): LetterList {
    this.#dropOldest();
    return {
      service,
      letters: this.#newest,
      total: this.#total,
      byReason: Object.fromEntries(this.#byReason),
      foreign,
    };
  }

  #dropOldest(): void {
    this.#newest = this.#newest
      .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
      .slice(-this.#limit);
  }
}

/** A list as lines for people. */
export const letterListLines = (list: LetterList): readonly string[] => {
  if (list.total === 0) return [`The ${list.service} has no dead letters: none.`, ...foreignLines(list)];
  const hidden = list.total - list.letters.length;
  const reasons = Object.entries(list.byReason).map(([reason, count]) => `${reason} ${formatCount(count)}`);
  return [
    ...textTable(
      [
        ['letter', 'time', 'reason', 'origin', 'redriven', 'came back'],
        ...list.letters.map((letter) => [
          letter.id,
          letter.time,
          letter.reason,
          letter.origin,
          letter.redriven ?? refusalText(letter) ?? 'no',
          letter.cameBack === 0 ? '' : `${letter.cameBack} ×`,
        ]),
      ],
      ['left', 'left', 'left', 'left', 'left', 'right'],
    ),
    ...(hidden === 0 ? [] : [`… and ${formatCount(hidden)} older ones: --limit shows more.`]),
    `Total: ${formatCount(list.total)} (${reasons.join(', ')}).`,
    ...foreignLines(list),
  ];
};

const refusalText = ({ refusal }: LetterSummary): string | undefined =>
  refusal === null || refusal === 'no-redrives' ? undefined : `cannot: ${refusal}`;

const foreignLines = ({ foreign }: LetterList): readonly string[] =>
  foreign === 0 ? [] : [`${formatCount(foreign)} more records of the topic are no letters of ours.`];
