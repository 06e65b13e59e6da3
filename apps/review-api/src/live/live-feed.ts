import { isKnownAt, type ChangePage, type FeedPosition, type StatisticsChanges } from '@reviews/read-model';
import { AllFollowers } from './all-followers.js';
import { CourseFollowers } from './course-followers.js';
import type { Follower } from './follower.js';
import { statisticsEvents, type ToEvents } from './statistics-event.js';

/** All-time and recent statistics are stored one after the other: so long after a notification both are there. */
const SETTLE_MS = 20;
/** At most ten events a second of any course. */
const MIN_PAUSE_MS = 100;
/** Somebody follows and nothing was heard: notifications may be lost on their way. */
const MAX_PAUSE_MS = 1_000;
const RETRY_PAUSE_MS = 1_000;
/** Courses of a page: what is in memory at a time. */
const PAGE_COURSES = 200;
/** More courses than this are not worth naming in a query. */
const MAX_NAMED_COURSES = 1_000;

/**
 * Reads what has changed, once for all who follow, and tells them. One step after the other: so nobody is told of a
 * course's past after its present. Nobody follows: nothing is read.
 *
 * Time is an input: {@link dueInMs} says when the next {@link step} is worth it.
 */
export class LiveFeed {
  readonly #courses = new CourseFollowers();
  readonly #all = new AllFollowers();
  #position: FeedPosition | undefined;
  #notifiedAtMs: number | undefined;
  #readAtMs = 0;
  #failedAtMs: number | undefined;
  readonly #toEvents: ToEvents;

  constructor(
    private readonly changes: StatisticsChanges,
    partitionOf: (courseId: string) => number,
    private readonly pageCourses: number = PAGE_COURSES,
  ) {
    this.#toEvents = (page) => statisticsEvents(page, partitionOf);
  }

  /** @param courseId undefined: all courses. Returns how to stop. */
  follow(courseId: string | undefined, follower: Follower): () => void {
    // The first one begins now, and not where the last one of an hour ago has left.
    if (!this.#isFollowed()) this.#position = undefined;
    if (courseId === undefined) {
      this.#all.add(follower);
      return () => {
        this.#all.remove(follower);
      };
    }
    this.#courses.add(courseId, follower);
    return () => {
      this.#courses.remove(courseId, follower);
    };
  }

  /** Something was stored, or may have been. */
  notify(nowMs: number): void {
    this.#notifiedAtMs ??= nowMs;
    this.#failedAtMs = undefined;
  }

  /** How long something stored has waited to be read. */
  lagMs(nowMs: number): number {
    return this.#isFollowed() && this.#notifiedAtMs !== undefined ? nowMs - this.#notifiedAtMs : 0;
  }

  dueInMs(nowMs: number): number {
    if (!this.#isFollowed()) return Number.POSITIVE_INFINITY;
    if (this.#failedAtMs !== undefined) return this.#failedAtMs + RETRY_PAUSE_MS - nowMs;
    if (this.#position === undefined || this.#courses.hasWork() || this.#all.hasWork()) return 0;
    return this.#readDueAtMs() - nowMs;
  }

  /** Does what is due, a page of each kind at most, so that no kind waits for another's end. @throws ReadModelError */
  async step(now: () => number): Promise<void> {
    this.#failedAtMs = undefined;
    try {
      if (this.#position === undefined || now() >= this.#readDueAtMs()) await this.#read(now);
      if (this.#courses.hasWork()) await this.#courses.catchUp(this.changes, this.#toEvents);
      if (this.#all.hasWork() && this.#position !== undefined)
        await this.#all.catchUp(this.changes, this.pageCourses, this.#toEvents, this.#position);
    } catch (error) {
      this.#failedAtMs = now();
      throw error;
    }
  }

  #isFollowed(): boolean {
    return this.#all.size > 0 || this.#courses.size > 0;
  }

  #readDueAtMs(): number {
    const earliestMs = this.#readAtMs + MIN_PAUSE_MS;
    return this.#notifiedAtMs === undefined
      ? this.#readAtMs + MAX_PAUSE_MS
      : Math.max(earliestMs, this.#notifiedAtMs + SETTLE_MS);
  }

  async #read(now: () => number): Promise<void> {
    // What is stored from here on notifies anew.
    const notifiedAtMs = this.#notifiedAtMs;
    this.#notifiedAtMs = undefined;
    try {
      if (this.#position === undefined) this.#position = (await this.changes.now()).position;
      else await this.#readSince(this.#position);
    } catch (error) {
      this.#notifiedAtMs = notifiedAtMs ?? now();
      throw error;
    } finally {
      this.#readAtMs = now();
    }
  }

  async #readSince(before: FeedPosition): Promise<void> {
    const first = await this.#readPage(before, '');
    if (!isKnownAt(before, first.position)) {
      this.#position = first.position;
      this.#courses.reset();
      this.#all.reset(first.position);
      return;
    }
    for (let page = first; ;) {
      const events = this.#toEvents(page);
      this.#courses.deliver(events, before, first.position);
      this.#all.deliver(events, before, page.isLast ? first.position : undefined);
      if (page.isLast) break;
      page = await this.#readPage(before, page.courses.at(-1)?.courseId ?? '');
    }
    this.#position = first.position;
  }

  #readPage(since: FeedPosition, afterCourse: string): Promise<ChangePage> {
    const isCourseWise = this.#all.size === 0 && this.#courses.size <= MAX_NAMED_COURSES;
    const courses = isCourseWise ? this.#courses.courses() : undefined;
    return this.changes.changedSince({ since, afterCourse, courses, limit: this.pageCourses });
  }
}
