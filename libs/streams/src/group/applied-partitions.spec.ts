import { beforeEach, describe, expect, it } from '@jest/globals';
import { offsetOf, type Offset } from '../offset.js';
import { topicPartitionKey, type RecordBatch, type TopicPartition } from '../records.js';
import { StreamsError } from '../streams-error.js';
import { AppliedPartitions } from './applied-partitions.js';
import type { GroupConsumer } from './group-consumer.js';
import type { ApplyOutcome, PositionedSink } from './positioned-consumer.js';

/** Where each partition is read from; undefined while it is paused. */
class SteeredGroup implements GroupConsumer {
  readonly reading = new Map<string, Offset | undefined>();
  readonly committed = new Map<string, Offset>();

  seekAndResume(partition: TopicPartition, offset: Offset): void {
    this.reading.set(topicPartitionKey(partition), offset);
  }
  pause(partition: TopicPartition): void {
    this.reading.set(topicPartitionKey(partition), undefined);
  }
  resume(): void {
    throw new Error('nobody resumes without saying where');
  }
  commitForLagTools(partition: TopicPartition, next: Offset): Promise<void> {
    this.committed.set(topicPartitionKey(partition), next);
    return Promise.resolve();
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** A store whose positions a test may change behind everybody's back. */
class SteeredSink implements PositionedSink {
  readonly positions = new Map<string, Offset>();
  readonly applied: string[] = [];
  /** Where the store stood when it was seen last. */
  #seen = new Map<string, Offset>();
  /** What becomes of the next calls, one after the other; then everything succeeds. */
  readonly failures: Error[] = [];

  positionsOf(): Promise<ReadonlyMap<string, Offset>> {
    return this.#answer(() => (this.#seen = new Map(this.positions)));
  }
  apply(batch: RecordBatch): Promise<ApplyOutcome> {
    return this.#answer(() => {
      const key = topicPartitionKey(batch);
      if ((this.positions.get(key) ?? 0) < (this.#seen.get(key) ?? 0)) return 'moved';
      this.positions.set(key, batch.nextOffset);
      this.#seen.set(key, batch.nextOffset);
      this.applied.push(`${key} ${batch.fetchedOffset}-${batch.nextOffset}`);
      return 'applied';
    });
  }
  async #answer<T>(answer: () => T): Promise<T> {
    await Promise.resolve();
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    return answer();
  }
}

const LOG = { topic: 'facts', partition: 1 };
const TABLE = { topic: 'statistics', partition: 1 };

const batch = (target: TopicPartition, from: number, to: number): RecordBatch => ({
  ...target,
  records: [],
  fetchedOffset: offsetOf(from),
  nextOffset: offsetOf(to),
  highWatermark: offsetOf(to),
});

let group: SteeredGroup;
let sink: SteeredSink;
let warnings: string[];
let fatal: StreamsError[];
let partitions: AppliedPartitions;

/** Lets everything happen that waits for nobody. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(async () => {
  group = new SteeredGroup();
  sink = new SteeredSink();
  warnings = [];
  fatal = [];
  sink.positions.set('facts/1', offsetOf(10));
  partitions = new AppliedPartitions(
    {
      groupId: 'group',
      sink,
      compactedTopics: ['statistics'],
      timeouts: { sessionTimeoutMs: 60_000 },
      logger: {
        debug: () => undefined,
        info: () => undefined,
        warn: (_, message) => warnings.push(message),
        error: () => undefined,
      },
      onFatal: (error) => fatal.push(error),
    },
    group,
  );
  partitions.onHeartbeat();
  partitions.onAssigned([LOG, TABLE]);
  await settle();
});

describe('assigned partitions', () => {
  it('are read from where the sink stands, those it never applied from 0', () => {
    expect([...group.reading]).toEqual([
      ['facts/1', 10],
      ['statistics/1', 0],
    ]);
    expect(partitions.isHealthy()).toBe(true);
  });

  it('are applied batch by batch, each where the last one ended', async () => {
    expect(await partitions.onBatch(batch(LOG, 10, 13))).toBe('applied');
    expect(await partitions.onBatch(batch(LOG, 13, 14))).toBe('applied');
    expect(sink.applied).toEqual(['facts/1 10-13', 'facts/1 13-14']);
    expect(group.committed.get('facts/1')).toBe(14);
  });

  it('are asked for again at a jump, and quarantined when it comes again', async () => {
    expect(await partitions.onBatch(batch(LOG, 12, 13))).toBe('dropped');
    expect(group.reading.get('facts/1')).toBe(10);
    expect(await partitions.onBatch(batch(LOG, 12, 13))).toBe('dropped');
    expect(partitions.quarantined()).toEqual([LOG]);
    expect(group.reading.get('facts/1')).toBeUndefined();
    expect(sink.applied).toEqual([]);
  });

  it('stop alone when something of them can never be applied, and say which', async () => {
    sink.failures.push(new StreamsError('IMPOSSIBLE_RECORD', 'facts/1 offset 11'));
    expect(await partitions.onBatch(batch(LOG, 10, 13))).toBe('dropped');
    expect(partitions.quarantined()).toEqual([LOG]);
    expect(partitions.isHealthy()).toBe(false);
    expect(group.reading.get('facts/1')).toBeUndefined();
    expect(await partitions.onBatch(batch(LOG, 10, 13))).toBe('dropped');
    expect(await partitions.onBatch(batch(TABLE, 0, 3))).toBe('applied');
    expect(fatal).toEqual([]);
  });

  it('stay stopped over a rebalance that leaves them here, and are tried again when they come back', async () => {
    sink.failures.push(new StreamsError('IMPOSSIBLE_RECORD', 'facts/1 offset 11'));
    await partitions.onBatch(batch(LOG, 10, 13));
    partitions.onAssigned([LOG, TABLE]);
    await settle();
    expect(group.reading.get('facts/1')).toBeUndefined();
    partitions.onAssigned([TABLE]);
    partitions.onAssigned([LOG, TABLE]);
    await settle();
    expect(group.reading.get('facts/1')).toBe(10);
    expect(partitions.quarantined()).toEqual([]);
  });
});

describe('a stretch without anything to read', () => {
  it('is where the next batch goes on behind', async () => {
    partitions.onSkipped(LOG, offsetOf(10), offsetOf(12));
    expect(await partitions.onBatch(batch(LOG, 12, 13))).toBe('applied');
  });

  it('is not taken for the next when it comes later: an answer that was on its way at a seek', async () => {
    //  next 10 │ skipped 20 ── 25: of a fetch before the seek │ 10 ── 25 comes after it
    partitions.onSkipped(LOG, offsetOf(20), offsetOf(25));
    expect(group.reading.get('facts/1')).toBe(10);
    expect(await partitions.onBatch(batch(LOG, 10, 25))).toBe('applied');
    expect(partitions.quarantined()).toEqual([]);
  });

  it('means that records are gone when what is next was asked for again', () => {
    partitions.onSkipped(LOG, offsetOf(20), offsetOf(25));
    partitions.onSkipped(LOG, offsetOf(20), offsetOf(25));
    expect(partitions.quarantined()).toEqual([LOG]);
  });

  it('means that compaction took away what was next, in a compacted topic', async () => {
    partitions.onSkipped(TABLE, offsetOf(5), offsetOf(7));
    expect(group.reading.get('statistics/1')).toBe(0);
    partitions.onSkipped(TABLE, offsetOf(5), offsetOf(7));
    expect(partitions.quarantined()).toEqual([]);
    expect(await partitions.onBatch(batch(TABLE, 7, 9))).toBe('applied');
  });

  it('says nothing new of what was applied already', async () => {
    await partitions.onBatch(batch(LOG, 10, 20));
    partitions.onSkipped(LOG, offsetOf(10), offsetOf(12));
    expect(await partitions.onBatch(batch(LOG, 20, 21))).toBe('applied');
  });
});

describe('a store that has moved', () => {
  it('is followed by every partition, also by one that gets no batch', async () => {
    await partitions.onBatch(batch(LOG, 10, 20));
    await partitions.onBatch(batch(TABLE, 0, 8));
    // Put back to a backup.
    sink.positions.set('facts/1', offsetOf(4)).set('statistics/1', offsetOf(2));
    expect(await partitions.onBatch(batch(LOG, 20, 25))).toBe('dropped');
    await settle();
    expect([...group.reading]).toEqual([
      ['facts/1', 4],
      ['statistics/1', 2],
    ]);
    expect(await partitions.onBatch(batch(LOG, 4, 25))).toBe('applied');
    expect(partitions.isHealthy()).toBe(true);
    expect(fatal).toEqual([]);
  });

  it('is asked once where it stands, however many partitions find out', async () => {
    sink.positions.set('facts/1', offsetOf(4)).set('statistics/1', offsetOf(-1));
    await Promise.all([partitions.onBatch(batch(LOG, 10, 20)), partitions.onBatch(batch(TABLE, 0, 8))]);
    expect(warnings.filter((message) => message.startsWith('the store has moved'))).toHaveLength(1);
  });
});

describe('a store that is down', () => {
  const unavailable = Object.assign(new Error('no answer'), { retriable: true });

  it('is waited for: not healthy meanwhile, and then the batch is applied', async () => {
    sink.failures.push(unavailable, unavailable);
    const applying = partitions.onBatch(batch(LOG, 10, 13));
    await settle();
    expect(partitions.isHealthy()).toBe(false);
    expect(await applying).toBe('applied');
    expect(partitions.isHealthy()).toBe(true);
    expect(sink.applied).toEqual(['facts/1 10-13']);
  });

  it('is not waited for when the consumer stops', async () => {
    sink.failures.push(...Array.from({ length: 1_000 }, () => unavailable));
    const applying = partitions.onBatch(batch(LOG, 10, 13));
    await settle();
    await partitions.stop();
    expect(await applying).toBe('dropped');
    expect(sink.applied).toEqual([]);
  });
});
