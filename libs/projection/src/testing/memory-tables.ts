import type { SinkStore } from '@reviews/read-model';
import { ReadModelError } from '@reviews/read-model';

type Rows = Parameters<SinkStore['storeLongTermStats']>[1];
type ProgressRows = Parameters<SinkStore['storeAggregatorProgress']>[1];
type Range = Parameters<SinkStore['storeLongTermStats']>[0];

/** The tables, as far as a sink can see them: positions that never go back, and what was stored, in order. */
export class MemoryTables implements SinkStore {
  readonly longTermStats: Rows[number][] = [];
  readonly recentStats: Rows[number][] = [];
  readonly aggregatorProgress: ProgressRows[number][] = [];
  readonly positions = new Map<string, number>();
  /** Fails every call while set. */
  failure: Error | undefined;

  positionsOf(partitions: readonly Pick<Range, 'topic' | 'partition'>[]): Promise<readonly number[]> {
    return this.#answer(() =>
      partitions.map(({ topic, partition }) => this.positions.get(`${topic}/${partition}`) ?? 0),
    );
  }

  storeLongTermStats(range: Range, statistics: Rows): Promise<void> {
    return this.#store(range, () => this.longTermStats.push(...statistics));
  }

  storeRecentStats(range: Range, statistics: Rows): Promise<void> {
    return this.#store(range, () => this.recentStats.push(...statistics));
  }

  storeAggregatorProgress(range: Range, records: ProgressRows): Promise<void> {
    return this.#store(range, () => this.aggregatorProgress.push(...records));
  }

  #store({ topic, partition, from, to }: Range, store: () => void): Promise<void> {
    return this.#answer(() => {
      const position = this.positions.get(`${topic}/${partition}`) ?? 0;
      if (position < from) throw new ReadModelError('POSITION_GAP', 'a gap');
      if (position >= to) return;
      store();
      this.positions.set(`${topic}/${partition}`, to);
    });
  }

  async #answer<T>(answer: () => T): Promise<T> {
    await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
    return answer();
  }
}
