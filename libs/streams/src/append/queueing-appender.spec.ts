import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AppendEvent, LogAppender } from '../log-appender.js';
import { offsetOf } from '../offset.js';
import type { OutputRecord, TopicPartition } from '../records.js';
import { StreamsError } from '../streams-error.js';
import type { SentRecords } from '../task/task-log.js';
import type { AppendProducer } from './append-producer.js';
import { queueingAppender, type QueueingOptions } from './queueing-appender.js';

const TOPIC = 'reviews';
const target = (partition = 0): TopicPartition => ({ topic: TOPIC, partition });
const record = (text: string): OutputRecord => ({ key: null, value: Buffer.from(text) });
const recordsOf = (count: number): readonly OutputRecord[] =>
  Array.from({ length: count }, (_, index) => record(String(index)));

/** A cluster of one log per partition. Requests wait until they are answered, unless they are let through. */
class FakeCluster {
  /** Of each request, what went to which partition. */
  readonly requests: (readonly (readonly [partition: number, texts: readonly string[]])[])[] = [];
  readonly log = new Map<number, string[]>();
  producers = 0;
  disconnected = 0;
  /** What happens to what goes to a partition; the log has the records when it resolves. */
  fate: (partition: number) => Promise<void> = () => Promise.resolve();

  readonly openProducer = (): Promise<AppendProducer> => {
    this.producers += 1;
    return Promise.resolve({
      // The first two partitions have one leader, the others another.
      routeOf: ({ partition }) => (partition < 2 ? 'first' : 'second'),
      send: (batches) => {
        const request = batches.map(
          ({ target: { partition }, records }) =>
            [partition, records.map(({ value }) => String(value))] as const,
        );
        this.requests.push(request);
        return request.map(async ([partition, texts]) => {
          await this.fate(partition);
          return this.#write(partition, texts);
        });
      },
      disconnect: () => {
        this.disconnected += 1;
      },
    });
  };

  #write(partition: number, texts: readonly string[]): SentRecords {
    const log = this.log.get(partition) ?? [];
    this.log.set(partition, log);
    const firstOffset = offsetOf(log.length);
    log.push(...texts);
    return { firstOffset, endOffset: offsetOf(log.length), appendTimeMs: 7 };
  }
}

let cluster: FakeCluster;
let events: AppendEvent[];
let opened: LogAppender[];

beforeEach(() => {
  cluster = new FakeCluster();
  events = [];
  opened = [];
});

afterEach(async () => {
  for (const log of opened) await log.close();
});

const appender = (change: Partial<QueueingOptions> = {}): LogAppender => {
  const log = queueingAppender({
    room: { maxRecords: 8, maxBytes: 1_000, bulkShare: 0.5 },
    request: { maxItems: 3, maxBytes: 500 },
    timeoutMs: 10_000,
    openProducer: cluster.openProducer,
    observe: (event) => events.push(event),
    ...change,
  });
  opened.push(log);
  return log;
};

/** Requests wait from now on; the function returned answers all that wait, and lets later ones through. */
const held = (): (() => void) => {
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  cluster.fate = () => answered;
  return () => {
    answer();
  };
};
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a single append', () => {
  it('tells its own place when it went with others', async () => {
    const log = appender();
    const answer = held();
    const appends = ['a', 'b', 'c', 'd', 'e'].map((text) => log.append(target(), record(text)));
    await soon();
    answer();
    expect((await Promise.all(appends)).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
    expect(cluster.requests).toEqual([[[0, ['a', 'b', 'c']]], [[0, ['d', 'e']]]]);
  });

  it('goes with those to other partitions of its route, and waits for no other route', async () => {
    const log = appender();
    const answer = held();
    const appends = [0, 1, 2].map((partition) => log.append(target(partition), record(`${partition}`)));
    await soon();
    appends.push(...[1, 3, 0].map((partition) => log.append(target(partition), record(`${partition}+`))));
    await soon();
    expect(cluster.requests).toEqual([
      [
        [0, ['0']],
        [1, ['1']],
      ],
      [[2, ['2']]],
    ]);
    answer();
    await Promise.all(appends);
    expect(cluster.requests.slice(2)).toEqual([
      [
        [0, ['0+']],
        [1, ['1+']],
      ],
      [[3, ['3+']]],
    ]);
  });

  it('is refused when too much waits, and nothing of it is written', async () => {
    const log = appender();
    const answer = held();
    const appends = recordsOf(8).map((one) => log.append(target(), one));
    await expect(log.append(target(), record('too much'))).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(log.queued()).toEqual({ records: 8, bytes: 8 });
    answer();
    await Promise.all(appends);
    expect(log.queued()).toEqual({ records: 0, bytes: 0 });
    expect(cluster.log.get(0)).not.toContain('too much');
    expect(events.filter(({ kind }) => kind === 'refused')).toHaveLength(1);
  });

  it('is refused when what waits is too large', async () => {
    const log = appender();
    const answer = held();
    const appends = [0, 1].map(() => log.append(target(), record('x'.repeat(450))));
    await expect(log.append(target(), record('x'.repeat(450)))).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
    answer();
    await Promise.all(appends);
  });

  it('is given up in time when nothing gets through, and is never written if it was not sent', async () => {
    const log = appender({ timeoutMs: 20 });
    const answer = held();
    const sent = log.append(target(), record('sent'));
    await soon();
    const waiting = log.append(target(), record('waiting'));
    await expect(sent).rejects.toMatchObject({ code: 'TRANSIENT' });
    await expect(waiting).rejects.toMatchObject({ code: 'TRANSIENT' });
    answer();
    await log.close();
    expect(cluster.log.get(0)).toEqual(['sent']);
    expect(log.queued()).toEqual({ records: 0, bytes: 0 });
  });

  it('waits behind a request that was given up: that may still be written', async () => {
    // given up ──────────┐ (20 ms)
    //   request 1: ├─────┼────────┤ answered after all
    //   request 2:       └ waits … ├──┤
    const log = appender({ timeoutMs: 20 });
    const answer = held();
    await expect(log.append(target(), record('late'))).rejects.toMatchObject({ code: 'TRANSIENT' });
    const next = log.append(target(), record('next'));
    await soon();
    expect(cluster.requests).toHaveLength(1);
    answer();
    await next;
    expect(cluster.log.get(0)).toEqual(['late', 'next']);
  });

  it('goes to other partitions meanwhile, by another producer', async () => {
    const log = appender({ timeoutMs: 20 });
    const answer = held();
    await expect(log.append(target(0), record('late'))).rejects.toMatchObject({ code: 'TRANSIENT' });
    cluster.fate = () => Promise.resolve();
    await log.append(target(1), record('other'));
    expect(cluster).toMatchObject({ producers: 2, disconnected: 0 });
    answer();
  });

  it('is given up when no producer can be had, and the next one asks for one again', async () => {
    const failure = new StreamsError('TRANSIENT', 'nobody there');
    const producers = [() => Promise.reject(failure), cluster.openProducer];
    const log = appender({ openProducer: () => (producers.shift() ?? cluster.openProducer)() });
    const refused = ['a', 'b'].map((text) => log.append(target(), record(text)));
    for (const append of refused) await expect(append).rejects.toBe(failure);
    await log.append(target(), record('c'));
    expect(cluster.log.get(0)).toEqual(['c']);
  });

  it('goes by another producer after a failure', async () => {
    const log = appender();
    const failure = new StreamsError('TRANSIENT', 'cut');
    cluster.fate = () => Promise.reject(failure);
    await expect(log.append(target(), record('a'))).rejects.toBe(failure);
    cluster.fate = () => Promise.resolve();
    await log.append(target(), record('b'));
    await soon();
    expect(cluster).toMatchObject({ producers: 2, disconnected: 1 });
    expect(events).toContainEqual({ kind: 'failed', size: { records: 1, bytes: 1 }, code: 'TRANSIENT' });
  });

  it('is refused after closing, which waits for what is under way', async () => {
    const log = appender();
    const answer = held();
    const append = log.append(target(), record('a'));
    const closing = log.close();
    await expect(log.append(target(), record('b'))).rejects.toMatchObject({ code: 'OVERLOADED' });
    answer();
    await Promise.all([append, closing]);
    expect(cluster.disconnected).toBe(1);
  });
});

describe('a bulk append', () => {
  it('keeps the order of each partition over requests and calls', async () => {
    const log = appender();
    const both = [0, 1].map((partition) => ({
      target: target(partition),
      records: recordsOf(2).slice(0, partition + 1),
    }));
    const first = await log.appendInBulk(both);
    const second = await log.appendInBulk([{ target: target(), records: [record('x')] }]);
    expect(await first.outcome).toEqual({ appended: 3, failure: undefined });
    expect(await second.outcome).toEqual({ appended: 1, failure: undefined });
    expect([...cluster.log]).toEqual([
      [0, ['0', 'x']],
      [1, ['0', '1']],
    ]);
  });

  it('waits for its share of the queue instead of being refused', async () => {
    const log = appender();
    const answer = held();
    const first = await log.appendInBulk([{ target: target(), records: recordsOf(4) }]);
    let isTakenIn = false;
    const second = log.appendInBulk([{ target: target(), records: recordsOf(1) }]);
    void second.then(() => (isTakenIn = true));
    await soon();
    expect(isTakenIn).toBe(false);
    const single = log.append(target(), record('single'));
    answer();
    await Promise.all([first.outcome, (await second).outcome, single]);
    expect(cluster.log.get(0)).toEqual(['0', '1', '2', '3', 'single', '0']);
  });

  it('says how many records are in for certain when some fail', async () => {
    const log = appender();
    const failure = new StreamsError('TRANSIENT', 'cut');
    let requests = 0;
    cluster.fate = () => (++requests === 1 ? Promise.resolve() : Promise.reject(failure));
    const { outcome } = await log.appendInBulk([{ target: target(), records: recordsOf(4) }]);
    expect(await outcome).toEqual({ appended: 3, failure });
    expect(log.queued()).toEqual({ records: 0, bytes: 0 });
  });
});
