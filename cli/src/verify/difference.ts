/** What is wrong, for machines. */
export type DifferenceKind =
  /** A record cannot be read, or says what is impossible. */
  | 'unreadable'
  /** A record deletes what nobody may delete. */
  | 'tombstone'
  /** A record is about a course of another partition. */
  | 'wrong-partition'
  /** A record's key is not what it is about. */
  | 'wrong-key'
  /** A cause that does not come after the one before it, or is used twice. */
  | 'cause-order'
  /** A day that does not come after the one before it, or a change before the first. */
  | 'day-order'
  /** A fact or a dead letter of a command that is not in `reviews`. */
  | 'no-command'
  /** `before` is not what the review was. */
  | 'wrong-before'
  /** `after` is not what the command asks for. */
  | 'wrong-after'
  /** A command has more than one outcome. */
  | 'two-outcomes'
  /** A command that changes something has no outcome. */
  | 'lost-command'
  /** A command that changes nothing made a fact. */
  | 'undue-change'
  /** A fact about another review than its command's that is no hold afterwards. */
  | 'foreign-fact'
  /** A course with reviews that has no statistic. */
  | 'missing'
  /** A statistic of a course without reviews. */
  | 'superfluous'
  /** A statistic whose version is not the last record that changed it. */
  | 'wrong-version'
  /** A statistic that says something else than the log. */
  | 'wrong-numbers'
  /** The published reviews of a course in the tables do not add up to its statistics there. */
  | 'tables-disagree'
  /** Progress that says something else than the log. */
  | 'wrong-progress';

/** Something that is not as it must be. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** `<topic>/<partition>/<offset>`, or the table. */
  readonly where: string;
  /** For people: no text of any review. */
  readonly what: string;
}

/** Counts differences and keeps the first ones. */
export class Differences {
  readonly #limit: number;
  readonly #first: Difference[] = [];
  readonly #counts = new Map<DifferenceKind, number>();
  #total = 0;

  /** @param limit how many are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get total(): number {
    return this.#total;
  }

  get first(): readonly Difference[] {
    return this.#first;
  }

  /** How many there are of each kind. */
  get counts(): ReadonlyMap<DifferenceKind, number> {
    return this.#counts;
  }

  add(kind: DifferenceKind, where: string, what: string): void {
    this.#total += 1;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    if (this.#first.length < this.#limit) this.#first.push({ kind, where, what });
  }
}
