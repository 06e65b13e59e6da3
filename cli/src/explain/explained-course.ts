import type { Change } from '../verify/accounting/change.js';
import type { DayFact, Fact } from '../verify/read-change.js';
import {
  deviationsOf,
  type PublishedStatistic,
  type Scope,
} from '../verify/published/published-statistic.js';
import { dayOf, isInWindow } from '../verify/recount/course-recount.js';
import { PartitionRecount } from '../verify/recount/partition-recount.js';

/** A record of `reviews-valid` behind a course's numbers. */
export interface ExplainedFact {
  readonly fact: Change | DayFact;
  /** Whether it changed the statistic: its offset was the version then. */
  readonly changed: readonly Scope[];
}

/** What a published statistic comes to when it is recounted up to its version. */
export interface ExplainedStatistic {
  readonly published: PublishedStatistic;
  /** Empty when it agrees. */
  readonly deviations: readonly string[];
}

/** One course, recounted fact by fact. */
export class ExplainedCourse {
  readonly #courseId: string;
  readonly #published: readonly PublishedStatistic[];
  readonly #recount = new PartitionRecount();
  readonly #facts: ExplainedFact[] = [];
  readonly #judged = new Map<PublishedStatistic, readonly string[]>();

  constructor(courseId: string, published: readonly PublishedStatistic[]) {
    this.#courseId = courseId;
    this.#published = published;
  }

  /** Oldest first: changes of the course, and days that changed its recent statistic. */
  get facts(): readonly ExplainedFact[] {
    return this.#facts;
  }

  /** The day the partition has reached; null before the first. */
  get day(): number | null {
    return this.#recount.day;
  }

  /** Takes the facts of the partition in their order; those of other courses change nothing. */
  take(fact: Fact): void {
    const { offset } = fact;
    if (fact.topic === 'day') this.#recount.startDay(fact.day, fact);
    else if (isAbout(fact, this.#courseId) && this.#recount.day !== null)
      this.#recount.change(fact.courseId, fact.before, fact.after, fact);
    const changed = this.#changedAt(offset);
    if (isAbout(fact, this.#courseId) || (fact.topic === 'day' && changed.length > 0))
      this.#facts.push({ fact, changed });
    for (const published of this.#published)
      if (published.version === offset) this.#judged.set(published, this.#deviations(published, changed));
  }

  /** What became of each published statistic. */
  statistics(): readonly ExplainedStatistic[] {
    return this.#published.map((published) => ({
      published,
      deviations: this.#judged.get(published) ?? [`version: ${published.version} is no fact that is there`],
    }));
  }

  /** Whether a review of this change counts in the recent statistic now. */
  isRecent({ after }: Change): boolean {
    const { day } = this.#recount;
    return after !== null && day !== null && isInWindow(dayOf(after.createdAt), day);
  }

  #changedAt(offset: number): readonly Scope[] {
    const course = this.#recount.courses.get(this.#courseId);
    return [
      ...(course?.allTimeStamp.version === offset ? (['allTime'] as const) : []),
      ...(course?.recentStamp.version === offset ? (['recent'] as const) : []),
    ];
  }

  #deviations(published: PublishedStatistic, changed: readonly Scope[]): readonly string[] {
    const course = this.#recount.courses.get(this.#courseId);
    const { day } = this.#recount;
    if (course === undefined || day === null || !changed.includes(published.scope))
      return [`version: ${published.version}, but that record did not change it`];
    return deviationsOf(published, course, day);
  }
}

const isAbout = (fact: Fact, courseId: string): fact is Change =>
  fact.topic === 'valid' && fact.courseId === courseId;
