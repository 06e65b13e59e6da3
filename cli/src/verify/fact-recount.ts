import type { Change } from './accounting/change.js';
import type { Differences } from './difference.js';
import type { PartitionInputs } from './partition-inputs.js';
import { PublicationCheck } from './published/publication-check.js';
import type { DayFact, Fact } from './read-change.js';
import { PartitionRecount } from './recount/partition-recount.js';

/** Recounts the facts of a partition, and compares on the way with what was published and what progress says. */
export class FactRecount {
  readonly #inputs: PartitionInputs;
  readonly #differences: Differences;
  readonly #recount = new PartitionRecount();
  readonly #check: PublicationCheck;
  #isProgressJudged: boolean;
  #lastCause = -1;
  #facts = 0;
  #uncounted = 0;

  constructor(inputs: PartitionInputs, differences: Differences) {
    this.#inputs = inputs;
    this.#differences = differences;
    this.#check = new PublicationCheck(this.#recount, inputs.publications, differences);
    this.#isProgressJudged = inputs.progress === undefined;
  }

  get facts(): number {
    return this.#facts;
  }

  /** Facts the aggregator has not counted yet. */
  get uncounted(): number {
    return this.#uncounted;
  }

  get courses(): number {
    return this.#recount.courses.size;
  }

  /** Offset in `reviews` of the last command the facts speak of. */
  get lastCause(): number {
    return this.#lastCause;
  }

  take(fact: Fact): void {
    const { offset } = fact;
    this.#check.before(offset);
    if (!this.#isProgressJudged) this.#judgeProgress(offset);
    if (offset >= (this.#inputs.progress?.reviewsValidEnd ?? 0)) this.#uncounted += 1;
    this.#facts += 1;
    this.#lastCause = fact.causeOffset;
    if (fact.topic === 'day') this.#startDay(fact);
    else if (fact.topic === 'valid') this.#count(fact);
    this.#check.after(offset);
  }

  finish(): void {
    const end = this.#inputs.logs.valid.offsets.high;
    if (!this.#isProgressJudged) this.#judgeProgress(end);
    if (!this.#isProgressJudged)
      this.#reportProgress(
        `facts before ${this.#inputs.progress?.reviewsValidEnd ?? 0}, but the last end is ${end}`,
      );
    this.#check.finish(end);
  }

  /** @param offset of the next fact */
  #judgeProgress(offset: number): void {
    const { progress } = this.#inputs;
    if (progress === undefined || offset < progress.reviewsValidEnd) return;
    this.#isProgressJudged = true;
    const covered = this.#lastCause + 1;
    if (covered !== progress.reviewsEnd)
      this.#reportProgress(
        `commands before ${progress.reviewsEnd}, but its facts cover those before ${covered}`,
      );
  }

  #reportProgress(what: string): void {
    this.#differences.add('wrong-progress', this.#inputs.progress?.where ?? '', `it covers ${what}`);
  }

  #count(change: Change): void {
    const { courseId, before, after } = change;
    if (this.#recount.day === null)
      this.#reportDay(change, `course ${courseId}: a change before the first day`);
    else this.#recount.change(courseId, before, after, change);
  }

  #startDay(fact: DayFact): void {
    const last = this.#recount.day;
    if (last === null || fact.day > last) this.#recount.startDay(fact.day, fact);
    else this.#reportDay(fact, `day ${fact.day} does not come after day ${last}`);
  }

  #reportDay({ offset }: Fact, what: string): void {
    this.#differences.add('day-order', this.#inputs.logs.valid.place.at(offset), what);
  }
}
