import { describe, expect, it } from '@jest/globals';
import { SchemaRegistryError } from '@reviews/contracts';
import type { SinkRange, SinkStore } from '@reviews/read-model';
import { tableLoader } from './load-tables.js';
import type { SinkEnd, SinkLog, SinkReading } from './sink-log.js';

const NEVER = new AbortController().signal;
const end = (topic: SinkEnd['topic'], partition: number, to: number): SinkEnd => ({
  topic,
  partition,
  end: to,
});

/** A log without records, only markers, and tables that remember ranges. */
const setUp = () => {
  const stored: string[] = [];
  const readings: SinkReading[] = [];
  const store = ({ topic, partition, from, to }: SinkRange): Promise<void> =>
    Promise.resolve(void stored.push(`${topic}/${partition} ${from}-${to}`));
  const tables: SinkStore = {
    positionsOf: (partitions) => Promise.resolve(partitions.map(() => 0)),
    storeReviews: store,
    storeLongTermStats: store,
    storeRecentStats: store,
    storeAggregatorProgress: store,
    storeFraudDetectorProgress: store,
  };
  const unavailable = (): Promise<never> =>
    Promise.reject(new SchemaRegistryError('REGISTRY_UNAVAILABLE', 'nothing is asked of it'));
  const log: SinkLog = {
    registry: {
      schemaById: unavailable,
      register: unavailable,
      setCompatibility: unavailable,
      ping: unavailable,
    },
    endsOf: () => Promise.resolve([]),
    records: (reading) => {
      readings.push(reading);
      return emptyLog();
    },
    close: () => Promise.resolve(),
  };
  let progress = 0;
  const loader = tableLoader({
    log,
    store: tables,
    topicPrefix: '',
    parallel: 2,
    onProgress: (offsets) => {
      progress += offsets;
    },
  });
  return { loader, stored, readings, progress: () => progress };
};

async function* emptyLog(): AsyncGenerator<never> {
  // Nothing.
}

describe('loading tables', () => {
  it('comes to the end also where only markers of transactions are left', async () => {
    const { loader, stored, progress } = setUp();
    await loader.loadTo([end('reviews-valid', 0, 5), end('recent-stats', 0, 3)], NEVER);
    expect(stored).toEqual(['reviews-valid/0 0-5', 'recent-stats/0 0-3']);
    expect([loader.stored, progress()]).toEqual([8, 8]);
  });

  it('goes on where it was, and reads nothing that is stored', async () => {
    const { loader, stored, readings } = setUp();
    await loader.loadTo([end('reviews-valid', 0, 5)], NEVER);
    await loader.loadTo([end('reviews-valid', 0, 9)], NEVER);
    await loader.loadTo([end('reviews-valid', 0, 7)], NEVER);
    expect(stored).toEqual(['reviews-valid/0 0-5', 'reviews-valid/0 5-9']);
    expect(readings.map(({ from }) => from)).toEqual([0, 5]);
  });

  it('ends when it is stopped, and stores nothing more', async () => {
    const { loader, stored } = setUp();
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(loader.loadTo([end('reviews-valid', 0, 5)], stopped)).rejects.toThrow('stopped');
    expect(stored).toEqual([]);
  });
});
