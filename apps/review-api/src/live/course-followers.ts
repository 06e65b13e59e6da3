import { hasSeen, isKnownAt, type FeedPosition, type StatisticsChanges } from '@reviews/read-model';
import type { Follower, Since } from './follower.js';
import { lastEvent, type StatisticsEvent, type ToEvents } from './statistics-event.js';

const COURSES_PER_READ = 200;

/** The clients that follow one course each. */
export class CourseFollowers {
  readonly #byCourse = new Map<string, Set<Follower>>();
  /** Followers that are not live, with their courses. */
  readonly #behind = new Map<Follower, string>();

  get size(): number {
    return this.#byCourse.size;
  }

  courses(): readonly string[] {
    return [...this.#byCourse.keys()];
  }

  add(courseId: string, follower: Follower): void {
    const followers = this.#byCourse.get(courseId) ?? new Set();
    this.#byCourse.set(courseId, followers.add(follower));
    this.#behind.set(follower, courseId);
  }

  remove(courseId: string, follower: Follower): void {
    const followers = this.#byCourse.get(courseId);
    followers?.delete(follower);
    if (followers?.size === 0) this.#byCourse.delete(courseId);
    this.#behind.delete(follower);
  }

  /** Sends changes to whom they concern. @param before what the feed had read before them */
  deliver(events: readonly StatisticsEvent[], before: FeedPosition, position: FeedPosition): void {
    for (const event of events) {
      const followers = this.#byCourse.get(event.courseId);
      if (followers === undefined) continue;
      const text = lastEvent(event, position);
      for (const follower of followers) {
        if (follower.state.kind !== 'live') continue;
        if (follower.sink.isReady()) follower.sink.send(text);
        else this.#fallBehind(event.courseId, follower, before);
      }
    }
  }

  /** All of them get the present statistics again. */
  reset(): void {
    for (const [courseId, followers] of this.#byCourse)
      for (const follower of followers) this.#fallBehind(courseId, follower, undefined);
  }

  hasWork(): boolean {
    for (const { sink } of this.#behind.keys()) if (sink.isReady()) return true;
    return false;
  }

  /** Tells those who are behind how their course is now, unless they know. Many at once: after a restart all come. */
  async catchUp(changes: StatisticsChanges, toEvents: ToEvents): Promise<void> {
    const waiting = [...this.#behind].filter(([{ sink }]) => sink.isReady());
    const courseIds = new Set(waiting.slice(0, COURSES_PER_READ).map(([, courseId]) => courseId));
    const page = await changes.ofCourses([...courseIds]);
    const events = new Map(toEvents(page).map((event) => [event.courseId, event]));
    for (const [follower, courseId] of waiting) {
      if (!courseIds.has(courseId) || !this.#behind.delete(follower)) continue;
      const event = events.get(courseId);
      const isNews = event !== undefined && !knows(sinceOf(follower), event, page.position);
      if (isNews) follower.sink.send(lastEvent(event, page.position));
      follower.state = { kind: 'live' };
    }
  }

  #fallBehind(courseId: string, follower: Follower, since: Since): void {
    follower.state = { kind: 'behind', since };
    this.#behind.set(follower, courseId);
  }
}

const sinceOf = ({ state }: Follower): Since => {
  switch (state.kind) {
    case 'live':
      return undefined;
    case 'behind':
    case 'catching-up':
      return state.since;
  }
};

const knows = (since: Since, { changedIn }: StatisticsEvent, now: FeedPosition): boolean =>
  since !== undefined && since !== 'unknown' && isKnownAt(since, now) && hasSeen(since, changedIn);
