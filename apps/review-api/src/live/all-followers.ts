import {
  formatFeedPosition,
  isKnownAt,
  type ChangePage,
  type FeedPosition,
  type StatisticsChanges,
} from '@reviews/read-model';
import type { CatchingUp, Follower, Since } from './follower.js';
import { eventsUpTo, resetEvent, type StatisticsEvent, type ToEvents } from './statistics-event.js';

/** The clients that follow all courses. */
export class AllFollowers {
  readonly #live = new Set<Follower>();
  /** Those that have waited longest first. */
  readonly #behind = new Set<Follower>();

  get size(): number {
    return this.#live.size + this.#behind.size;
  }

  add(follower: Follower): void {
    this.#behind.add(follower);
  }

  remove(follower: Follower): void {
    this.#live.delete(follower);
    this.#behind.delete(follower);
  }

  /**
   * Sends changes.
   *
   * @param before what the feed had read before them
   * @param position what it has read with them; undefined when more of them follow
   */
  deliver(
    events: readonly StatisticsEvent[],
    before: FeedPosition,
    position: FeedPosition | undefined,
  ): void {
    // One buffer for all: a client that takes it slowly holds no copy of it.
    const bytes = Buffer.from(eventsUpTo(events, position));
    if (bytes.length === 0) return;
    for (const follower of this.#live) {
      if (follower.sink.isReady()) follower.sink.send(bytes);
      else this.#fallBehind(follower, before);
    }
    this.#deliverToCatchingUp(Buffer.from(eventsUpTo(events, undefined)));
  }

  /** All of them are told to read afresh. */
  reset(now: FeedPosition): void {
    for (const follower of this.#live) {
      if (follower.sink.isReady()) follower.sink.send(resetEvent(now));
      else this.#fallBehind(follower, 'unknown');
    }
  }

  hasWork(): boolean {
    for (const { sink } of this.#behind) if (sink.isReady()) return true;
    return false;
  }

  /**
   * Brings who has waited longest one page further, and with it all who are at the same place: after a restart nearly all
   * are.
   *
   * @param feed what the feed has read: whoever has seen as much gets what it reads next
   */
  async catchUp(
    changes: StatisticsChanges,
    limit: number,
    toEvents: ToEvents,
    feed: FeedPosition,
  ): Promise<void> {
    const ready = [...this.#behind].filter(({ sink }) => sink.isReady());
    for (const follower of ready) this.#begin(follower, feed);
    const place = ready.map(({ state }) => state).find((state) => state.kind === 'catching-up');
    if (place === undefined) return;
    const together = ready.filter((follower) => isAt(follower, place));
    const page = await changes.changedSince({ since: place.since, afterCourse: place.afterCourse, limit });
    const events = toEvents(page);
    for (const follower of together) if (this.#behind.has(follower)) this.#advance(follower, page, events);
  }

  // Their own page brings what they have not been told of; this keeps it true until their last page.
  #deliverToCatchingUp(bytes: Buffer): void {
    for (const follower of this.#behind) {
      const { sink, state } = follower;
      if (state.kind !== 'catching-up' || state.afterCourse === '') continue;
      if (sink.isReady()) sink.send(bytes);
      else follower.state = { ...state, hasMissed: true };
    }
  }

  /** Whoever comes without a position begins where the feed is. */
  #begin(follower: Follower, feed: FeedPosition): void {
    if (follower.state.kind !== 'behind') return;
    const { since } = follower.state;
    if (since === undefined || since === 'unknown') {
      follower.sink.send(since === undefined ? eventsUpTo([], feed) : resetEvent(feed));
      this.#becomeLive(follower);
      return;
    }
    follower.state = { kind: 'catching-up', since, afterCourse: '', until: since, hasMissed: false };
  }

  #advance(follower: Follower, page: ChangePage, events: readonly StatisticsEvent[]): void {
    const { sink, state } = follower;
    if (state.kind !== 'catching-up') return;
    // To the end of the line.
    this.#behind.delete(follower);
    this.#behind.add(follower);
    if (!isKnownAt(state.since, page.position)) {
      sink.send(resetEvent(page.position));
      this.#becomeLive(follower);
      return;
    }
    const until = state.afterCourse === '' ? page.position : state.until;
    const text = eventsUpTo(events, page.isLast ? until : undefined);
    if (text !== '') sink.send(text);
    if (page.isLast) {
      if (state.hasMissed) this.#fallBehind(follower, until);
      else this.#becomeLive(follower);
      return;
    }
    follower.state = { ...state, until, afterCourse: page.courses.at(-1)?.courseId ?? state.afterCourse };
  }

  #becomeLive(follower: Follower): void {
    follower.state = { kind: 'live' };
    this.#behind.delete(follower);
    this.#live.add(follower);
  }

  #fallBehind(follower: Follower, since: Since): void {
    follower.state = { kind: 'behind', since };
    this.#live.delete(follower);
    this.#behind.add(follower);
  }
}

const isAt = ({ state }: Follower, place: CatchingUp): boolean =>
  state.kind === 'catching-up' &&
  state.afterCourse === place.afterCourse &&
  formatFeedPosition(state.since) === formatFeedPosition(place.since);
