import type { Differences } from '../difference.js';
import type { CourseRecount, Stamp } from '../recount/course-recount.js';
import type { PartitionRecount } from '../recount/partition-recount.js';
import type { Publication } from './publication.js';
import { deviationsOf, type PublishedStatistic, type Scope } from './published-statistic.js';

const SCOPES = ['allTime', 'recent'] as const satisfies readonly Scope[];

/**
 * Compares what was published with the recount while the recount grows: each statistic at the record its version names,
 * and each publication once everything it claims to include is counted. So it does not matter how far a running system has
 * come meanwhile.
 */
export class PublicationCheck {
  readonly #recount: PartitionRecount;
  readonly #differences: Differences;
  readonly #byVersion = new Map<number, PublishedStatistic[]>();
  /** Still to be looked at, the one that includes the least first. */
  readonly #publications: Publication[];
  readonly #wrong = new Set<PublishedStatistic>();

  constructor(recount: PartitionRecount, publications: readonly Publication[], differences: Differences) {
    this.#recount = recount;
    this.#differences = differences;
    this.#publications = publications.toSorted((a, b) => a.end - b.end);
    for (const { statistics } of publications)
      for (const scope of SCOPES) for (const published of statistics[scope].values()) this.#await(published);
  }

  /** The next fact to be counted is at this offset. */
  before(offset: number): void {
    let next = this.#publications[0];
    while (next !== undefined && next.end <= offset) {
      this.#judgeCoverage(next);
      this.#publications.shift();
      next = this.#publications[0];
    }
  }

  /** The record at this offset was counted. */
  after(offset: number): void {
    const due = this.#byVersion.get(offset);
    if (due === undefined) return;
    this.#byVersion.delete(offset);
    for (const published of due) this.#judge(published);
  }

  /**
   * Nothing more is counted.
   *
   * @param end the offset behind the last fact
   */
  finish(end: number): void {
    this.before(Number.POSITIVE_INFINITY);
    for (const due of this.#byVersion.values())
      for (const published of due)
        if (!this.#wrong.has(published))
          this.#report(
            'wrong-version',
            published,
            `there is no fact at version ${published.version} (end ${end})`,
          );
  }

  #await(published: PublishedStatistic): void {
    const others = this.#byVersion.get(published.version);
    if (others === undefined) this.#byVersion.set(published.version, [published]);
    else others.push(published);
  }

  #judge(published: PublishedStatistic): void {
    const { courseId, scope, version } = published;
    const course = this.#recount.courses.get(courseId);
    const { day } = this.#recount;
    if (course === undefined || day === null) {
      this.#report('superfluous', published, `no review of it was counted up to version ${version}`);
      return;
    }
    const last = stampOf(course, scope).version;
    if (last !== version) {
      this.#report('wrong-version', published, `version ${version}, but the last to change it was ${last}`);
      return;
    }
    const deviations = deviationsOf(published, course, day);
    if (deviations.length > 0)
      this.#report('wrong-numbers', published, `at version ${version}: ${deviations.join('; ')}`);
  }

  #judgeCoverage(publication: Publication): void {
    for (const [courseId, course] of this.#recount.courses)
      for (const scope of SCOPES) this.#judgeNewest(publication, courseId, course, scope);
  }

  #judgeNewest(publication: Publication, courseId: string, course: CourseRecount, scope: Scope): void {
    const stamp = stampOf(course, scope);
    const published = publication.statistics[scope].get(courseId);
    if (published === undefined) {
      this.#differences.add(
        'missing',
        publication.places[scope],
        `course ${courseId}: no ${nameOf(scope)} statistic, although version ${stamp.version} changed it`,
      );
      return;
    }
    if (published.version >= stamp.version || this.#wrong.has(published)) return;
    if (scope === 'recent' && this.#isSweepPending(publication, stamp, published)) return;
    this.#report(
      'wrong-version',
      published,
      `version ${published.version}, but ${stamp.version} changed it and facts before ${publication.end} are said to be included`,
    );
  }

  /** Whether the only change missing is that of a day whose sweep was not done yet. */
  #isSweepPending({ sweptDay }: Publication, stamp: Stamp, { version }: PublishedStatistic): boolean {
    const { day, dayOffset } = this.#recount;
    return sweptDay !== day && stamp.version === dayOffset && version === stamp.previousVersion;
  }

  #report(
    kind: 'superfluous' | 'wrong-version' | 'wrong-numbers',
    published: PublishedStatistic,
    what: string,
  ): void {
    this.#wrong.add(published);
    this.#differences.add(kind, published.where, `course ${published.courseId}: ${what}`);
  }
}

const stampOf = (course: CourseRecount, scope: Scope): Stamp =>
  scope === 'allTime' ? course.allTimeStamp : course.recentStamp;

const nameOf = (scope: Scope): string => (scope === 'allTime' ? 'all-time' : 'recent');
