import { beforeEach, describe, expect, it } from '@jest/globals';
import { parseFeedPosition } from '@reviews/read-model';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { InMemoryChanges } from '../testing/in-memory-changes.js';
import type { EventSink } from './event-stream.js';
import type { Since } from './follower.js';
import { LiveFeed } from './live-feed.js';

const PAGE_COURSES = 3;

let changes: InMemoryChanges;
let feed: LiveFeed;
let nowMs: number;

beforeEach(() => {
  changes = new InMemoryChanges();
  feed = new LiveFeed(changes, () => 0, PAGE_COURSES);
  nowMs = 1_000;
});

/** A client: reads events as they come, and can be busy. */
class Client implements EventSink {
  isBusy = false;
  lastEventId: string | undefined;
  readonly events: EventSourceMessage[] = [];
  leave: () => void;
  readonly #parser = createParser({
    onEvent: (event) => {
      this.events.push(event);
    },
  });

  constructor(courseId?: string, since?: Since) {
    this.leave = feed.follow(courseId, { sink: this, state: { kind: 'behind', since } });
  }

  isReady(): boolean {
    return !this.isBusy;
  }

  send(text: string | Buffer): void {
    this.#parser.feed(String(text));
    // The standard: an id holds from where it stands, also on a block without data.
    this.lastEventId = /[^]*^id: (.*)$/m.exec(String(text))?.[1] ?? this.lastEventId;
  }

  since(): Since {
    return this.lastEventId === undefined ? undefined : (parseFeedPosition(this.lastEventId) ?? 'unknown');
  }

  /** Takes `course version` of each event. */
  take(): readonly string[] {
    return this.events.splice(0).map(({ event, data }) => {
      const { courseId, allTime } = JSON.parse(data) as { courseId?: string; allTime?: { version: number } };
      return event === 'statistics' ? `${courseId ?? ''} ${allTime?.version ?? ''}` : String(event);
    });
  }
}

/** Lets time pass until nothing is due within it. */
const pass = async (ms: number): Promise<void> => {
  const endMs = nowMs + ms;
  for (;;) {
    const dueInMs = Math.max(0, feed.dueInMs(nowMs));
    if (nowMs + dueInMs > endMs) break;
    nowMs += dueInMs;
    await feed.step(() => nowMs);
  }
  nowMs = endMs;
};

const store = (courseId: string, version: number): void => {
  changes.store(courseId, version);
  feed.notify(nowMs);
};

describe('whoever follows a course', () => {
  it('gets the present statistics first and then each change', async () => {
    store('a', 1);
    const client = new Client('a');
    await pass(50);
    expect(client.take()).toEqual(['a 1']);
    store('a', 2);
    store('b', 1);
    await pass(150);
    expect(client.take()).toEqual(['a 2']);
  });

  it('hears of one nobody has reviewed yet as soon as somebody does', async () => {
    const client = new Client('new');
    await pass(50);
    expect(client.take()).toEqual([]);
    store('new', 0);
    await pass(150);
    expect(client.take()).toEqual(['new 0']);
  });

  it('is not told again what Last-Event-ID says is known', async () => {
    store('a', 1);
    const first = new Client('a');
    await pass(50);
    first.leave();
    const again = new Client('a', first.since());
    await pass(50);
    expect(again.take()).toEqual([]);
    again.leave();
    store('a', 2);
    const later = new Client('a', first.since());
    await pass(50);
    expect(later.take()).toEqual(['a 2']);
  });

  it.each(['unknown', parseFeedPosition('1-900:900:'), parseFeedPosition('9-90:90:')] as const)(
    'gets the present statistics when the place it was at means nothing: %#',
    async (since) => {
      store('a', 1);
      const client = new Client('a', since);
      await pass(50);
      expect(client.take()).toEqual(['a 1']);
    },
  );

  it('gets the last of the changes it was too busy to take', async () => {
    store('a', 1);
    const client = new Client('a');
    await pass(50);
    client.take();
    client.isBusy = true;
    for (const version of [2, 3, 4]) {
      store('a', version);
      await pass(150);
    }
    expect(client.take()).toEqual([]);
    client.isBusy = false;
    await pass(50);
    expect(client.take()).toEqual(['a 4']);
  });
});

describe('whoever follows all courses', () => {
  it('gets what changes from then on', async () => {
    store('a', 1);
    const client = new Client();
    await pass(50);
    expect(client.take()).toEqual([]);
    store('b', 1);
    await pass(150);
    expect(client.take()).toEqual(['b 1']);
  });

  it('misses nothing that a transaction stores which began before others and ended after them', async () => {
    const client = new Client();
    await pass(50);
    //  slow  ├─────────────────┤ commits a
    //  quick      ├─┤ commits b       each is read once it is there
    const slow = changes.begin();
    store('b', 1);
    await pass(150);
    expect(client.take()).toEqual(['b 1']);
    const resumed = client.since();
    slow.commit('a', 1);
    feed.notify(nowMs);
    await pass(150);
    expect(client.take()).toEqual(['a 1']);
    client.leave();
    const again = new Client(undefined, resumed);
    await pass(50);
    expect(again.take()).toEqual(['a 1']);
  });

  it('gets each course that has changed since Last-Event-ID once, however many, and then goes on', async () => {
    const client = new Client();
    await pass(50);
    client.leave();
    const courses = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const version of [1, 2]) for (const course of courses) store(course, version);
    const again = new Client(undefined, client.since());
    await pass(50);
    expect(again.take()).toEqual(courses.map((course) => `${course} 2`));
    store('c', 3);
    await pass(150);
    expect(again.take()).toEqual(['c 3']);
    again.leave();
    const last = new Client(undefined, again.since());
    await pass(50);
    expect(last.take()).toEqual([]);
  });

  it('can be cut off after any event and misses nothing', async () => {
    const client = new Client();
    await pass(50);
    client.leave();
    for (const course of ['a', 'b', 'c', 'd', 'e']) store(course, 1);
    for (let taken = 0; taken <= 5; taken++) {
      const cut = new Client(undefined, client.since());
      await pass(50);
      const texts = cut.events.slice(0, taken);
      cut.leave();
      const id = texts.findLast((event) => event.id !== undefined)?.id ?? client.lastEventId ?? '';
      const again = new Client(undefined, parseFeedPosition(id));
      await pass(50);
      const heard = [...texts, ...again.events].map(({ data }) => JSON.parse(data) as { courseId: string });
      expect(new Set(heard.map(({ courseId }) => courseId)).size).toBe(5);
      again.leave();
    }
  });

  it('is told of changes while it catches up, and never of a past after a present', async () => {
    const client = new Client();
    await pass(50);
    client.leave();
    const courses = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    for (const course of courses) store(course, 1);
    const watcher = new Client();
    const again = new Client(undefined, client.since());
    for (let version = 2; version < 8; version++) {
      store('a', version);
      store('h', version);
      await feed.step(() => (nowMs += 101));
    }
    await pass(200);
    const heard = again.take();
    for (const course of courses) {
      const versions = heard.filter((line) => line.startsWith(course)).map((line) => Number(line.slice(2)));
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      expect(versions.at(-1)).toBe(course === 'a' || course === 'h' ? 7 : 1);
    }
    expect(again.lastEventId).toBeDefined();
    watcher.leave();
  });

  it('that is busy costs nothing and gets each course once when it takes more', async () => {
    const client = new Client();
    await pass(50);
    client.isBusy = true;
    for (let version = 1; version <= 5; version++) {
      for (const course of ['a', 'b', 'c', 'd']) store(course, version);
      await pass(150);
    }
    expect(client.take()).toEqual([]);
    client.isBusy = false;
    await pass(50);
    expect(client.take()).toEqual(['a 5', 'b 5', 'c 5', 'd 5']);
    store('a', 6);
    await pass(150);
    expect(client.take()).toEqual(['a 6']);
  });

  it('that becomes busy while it catches up is told once more what it could not take', async () => {
    const client = new Client();
    await pass(50);
    client.leave();
    for (const course of ['a', 'b', 'c', 'd', 'e']) store(course, 1);
    const watcher = new Client();
    const again = new Client(undefined, client.since());
    await feed.step(() => nowMs);
    expect(again.take()).toEqual(['a 1', 'b 1', 'c 1']);
    again.isBusy = true;
    store('a', 2);
    await pass(200);
    again.isBusy = false;
    await pass(50);
    expect(again.take()).toEqual(['d 1', 'e 1', 'a 2']);
    watcher.leave();
  });

  it.each(['unknown', parseFeedPosition('1-900:900:'), parseFeedPosition('9-90:90:')] as const)(
    'is told to read afresh when the place it was at means nothing: %#',
    async (since) => {
      store('a', 1);
      const client = new Client(undefined, since);
      await pass(50);
      expect(client.take()).toEqual(['reset']);
      store('a', 2);
      await pass(150);
      expect(client.take()).toEqual(['a 2']);
      expect(client.since()).not.toBe('unknown');
    },
  );
});

describe('the feed', () => {
  it('reads nothing while nobody follows', async () => {
    store('a', 1);
    await pass(10_000);
    expect(changes.queries).toBe(0);
    const client = new Client();
    await pass(50);
    client.leave();
    const queries = changes.queries;
    store('a', 2);
    await pass(10_000);
    expect(changes.queries).toBe(queries);
  });

  it('reads once for all', async () => {
    const clients = Array.from({ length: 1_000 }, (_, index) =>
      index % 2 === 0 ? new Client('a') : new Client(),
    );
    await pass(500);
    const queries = changes.queries;
    expect(queries).toBeLessThan(10);
    store('a', 1);
    await pass(150);
    expect(changes.queries).toBe(queries + 1);
    for (const client of clients) expect(client.take()).toEqual(['a 1']);
  });

  it('tells of a course at most ten times a second, and of the last change', async () => {
    const ofCourse = new Client('a');
    const ofAll = new Client();
    await pass(50);
    for (let version = 1; version <= 500; version++) {
      store('a', version);
      await pass(2);
    }
    await pass(200);
    for (const client of [ofCourse, ofAll]) {
      const heard = client.take();
      expect(heard.length).toBeLessThanOrEqual(12);
      expect(heard.at(-1)).toBe('a 500');
    }
  });

  it('looks once a second when notifications are lost on their way', async () => {
    const client = new Client();
    await pass(50);
    changes.store('a', 1);
    await pass(1_000);
    expect(client.take()).toEqual(['a 1']);
  });

  it('goes on where it was when the database answers again', async () => {
    const client = new Client();
    await pass(50);
    changes.failure = new Error('no');
    feed.notify(nowMs);
    nowMs += 1_000;
    await expect(feed.step(() => nowMs)).rejects.toThrow('no');
    expect(feed.dueInMs(nowMs)).toBe(1_000);
    changes.store('a', 1);
    changes.failure = undefined;
    nowMs += 5_000;
    expect(feed.lagMs(nowMs)).toBeGreaterThanOrEqual(5_000);
    await pass(150);
    expect(client.take()).toEqual(['a 1']);
    expect(feed.lagMs(nowMs)).toBe(0);
  });

  it.each([
    [
      'built anew',
      () => {
        changes.generation = '2';
      },
    ],
    [
      'restored from a backup',
      () => {
        changes.goBack();
      },
    ],
  ])('of tables that were %s tells everybody', async (_what, replace) => {
    for (const course of ['a', 'b', 'c']) store(course, 5);
    const ofCourse = new Client('a');
    const ofAll = new Client();
    await pass(50);
    ofCourse.take();
    replace();
    await pass(1_500);
    expect(ofCourse.take()).toEqual(['a 5']);
    expect(ofAll.take()).toEqual(['reset']);
  });
});
